//! What is read out of a control beside the words that it shows.

/// A head's word that sorts a table.
pub fn sort_by(word: &str) -> String {
    format!("Sort by {word}")
}

/// A head's word by which a table is sorted, the least first.
pub fn sorted_up(word: &str) -> String {
    format!("Sorted by {word}, ascending")
}

/// A head's word by which a table is sorted, the greatest first.
pub fn sorted_down(word: &str) -> String {
    format!("Sorted by {word}, descending")
}
