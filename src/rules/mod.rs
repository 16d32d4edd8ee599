//! Rules: which checks and patterns, which category, what weight, what sentence; and how what
//! fired adds up to a verdict. Rules are data: this module parses text that it is given.
