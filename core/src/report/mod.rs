//! The report: diagnostics as hosts read them, made from the findings when they are asked for.

pub(crate) mod diagnostic;
pub(crate) mod fix;
pub(crate) mod json;
pub(crate) mod message;
pub(crate) mod outcome;
pub(crate) mod params;
pub(crate) mod pointer;
pub(crate) mod position;
pub(crate) mod related;
