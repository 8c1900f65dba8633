//! Calls with people who have several devices: stories, and a state machine over everything that they may do.

mod devices;
mod property;
mod stories;
