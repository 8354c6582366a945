//! The success response (contract §8).
use crate::findings::Findings;
use crate::memory::OutOfMemory;
/// A success response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {}
pub(crate) fn read(_json: &[u8], _findings: &mut Findings) -> Result<Option<Response>, OutOfMemory> {
    Ok(None)
}
