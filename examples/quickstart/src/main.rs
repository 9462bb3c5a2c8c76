//! The main job from end to end.

fn main() {}
