//! Text as people read it: folded white space, invisible characters undone.
