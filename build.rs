//! Builds anew when a data file is added: the compiler sees only those that were there.

fn main() {
    println!("cargo::rerun-if-changed=assets");
}
