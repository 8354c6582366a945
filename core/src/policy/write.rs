//! Writing a policy file (contract §5).
