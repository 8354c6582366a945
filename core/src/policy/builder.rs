//! Building a policy in code.
