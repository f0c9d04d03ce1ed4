//! The figures of the process that Prometheus' own clients show, from `/proc`.
//! Where there is none, they are left out.

use std::fs;

use super::exposition::{Exposition, MetricKind};

/// The figures of a process.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ProcessFigures {
    cpu_seconds: Option<f64>,
    threads: Option<u64>,
    resident_bytes: Option<u64>,
    virtual_bytes: Option<u64>,
    open_files: Option<usize>,
    most_files: Option<u64>,
}

/// Ticks a second of the times in `/proc`: on Linux it is 100 for every
/// program, whatever the kernel was built with (`USER_HZ`).
const TICKS: f64 = 100.0;

impl ProcessFigures {
    /// Reads those of this process: ten small files in memory.
    pub(super) fn read() -> Self {
        let text = |name: &str| fs::read_to_string(format!("/proc/{name}")).unwrap_or_default();
        let figures = Self::of(&text("self/stat"), &text("self/status"));
        // One of them is that of the listing itself.
        let open_files = fs::read_dir("/proc/self/fd").ok().map(|files| files.count() - 1);
        let most_files = soft_limit(&text("self/limits"), "Max open files");
        Self { open_files, most_files, ..figures }
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits of ticks are three million years")]
    fn of(stat: &str, status: &str) -> Self {
        // The second field is the name, in parentheses, and may have spaces.
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        // proc_pid_stat(5) counts from 1, and two are before.
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let cpu = field(14).zip(field(15));
        let cpu_seconds = cpu.map(|(user, system)| (user + system) as f64 / TICKS);
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let number: u64 =
                line.trim_start_matches(':').trim().strip_suffix(" kB")?.parse().ok()?;
            Some(number * 1_024)
        };
        Self {
            cpu_seconds,
            threads: field(20),
            resident_bytes: kilobytes("VmRSS"),
            virtual_bytes: field(23),
            ..Self::default()
        }
    }

    pub(super) fn show(&self, page: &mut Exposition) {
        use MetricKind::{Counter, Gauge};

        if let Some(seconds) = self.cpu_seconds {
            let help = "Total user and system CPU time spent in seconds.";
            page.one(Counter, "process_cpu_seconds_total", help, seconds);
        }
        let gauges = [
            ("process_threads", "Number of threads of the process.", whole(self.threads)),
            (
                "process_resident_memory_bytes",
                "Resident memory size in bytes.",
                whole(self.resident_bytes),
            ),
            (
                "process_virtual_memory_bytes",
                "Virtual memory size in bytes.",
                whole(self.virtual_bytes),
            ),
            (
                "process_open_fds",
                "Number of open file descriptors.",
                whole(self.open_files.map(|files| files as u64)),
            ),
            ("process_max_fds", "Maximum number of open file descriptors.", whole(self.most_files)),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                page.one(Gauge, name, help, value);
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "53 bits of bytes are 8 petabytes")]
fn whole(number: Option<u64>) -> Option<f64> {
    number.map(|number| number as f64)
}

/// The limit that holds now, in `/proc/self/limits`; `None` if there is none.
fn soft_limit(limits: &str, name: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let stat = "812 (head ) count) S 1 812 812 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 7 0 \
                        12345 98304000 2500 18446744073709551615 1 1\n";
        let figures = ProcessFigures::of(stat, "VmPeak:\t  9 kB\nVmRSS:\t   10000 kB\n");
        assert_eq!(
            figures,
            ProcessFigures {
                cpu_seconds: Some(2.0),
                threads: Some(7),
                resident_bytes: Some(10_240_000),
                virtual_bytes: Some(98_304_000),
                open_files: None,
                most_files: None,
            }
        );
    }

    #[test]
    fn the_limit_that_holds_is_the_first_one() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max processes             unlimited            unlimited            processes \n\
                    Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(text, "Max open files"), Some(1_024));
        assert_eq!(soft_limit(text, "Max processes"), None);
    }

    #[test]
    fn without_the_files_nothing_is_shown() {
        let mut page = Exposition::default();
        ProcessFigures::of("", "").show(&mut page);
        assert_eq!(page.finish(), "");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_all_of_them() {
        let figures = ProcessFigures::read();
        assert!(figures.threads.is_some_and(|threads| threads > 0), "{figures:?}");
        assert!(figures.resident_bytes.is_some_and(|bytes| bytes > 100_000), "{figures:?}");
        assert!(figures.open_files.is_some_and(|files| files > 2), "{figures:?}");
    }
}
