//! Threads for what may wait.

#[cfg(target_os = "linux")]
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};

/// Lets this thread have only what others leave of a core, and give it up as soon as one of them wakes: who chats does not notice
/// what it does. There is no way back.
///
/// A low priority (nice) is not enough: Linux lets a thread end its turn, a few milliseconds, before one that wakes gets the core, and
/// a message is handed from thread to thread several times. Beside one thread that never rests this one has about a
/// three-hundredth of a core, beside several less. So nothing that must be done soon belongs on such a thread, and nothing that
/// holds what others wait for, as SQLite's locks. Only Linux is told; elsewhere nothing happens.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    {
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
            tracing::debug!(?error, "a thread for what may wait could not be told to, or not wholly");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use thread_priority::thread_schedule_policy;

    use super::*;

    #[test]
    fn a_thread_gives_way_alone_and_may_say_so_again() {
        let policy = || thread_schedule_policy().expect("a thread knows its own");
        let before = policy();
        let other = std::thread::spawn(move || {
            give_way();
            give_way();
            policy()
        });
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        assert_eq!(other.join().expect("it does not panic"), idle);
        assert_eq!(policy(), before);
        assert_ne!(before, idle);
    }
}
