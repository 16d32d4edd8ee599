//! Archives: the names inside, and whether they are locked. Pure: reads bytes that it is given.
