//! Who holds a port that is busy. Linux tells in `/proc`; elsewhere, and about programs of other people, nothing is
//! known.

use std::fmt;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

/// The program that listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A process that may be looked at.
    Process {
        /// Its number.
        pid: u32,
        /// The name of its program.
        name: String,
    },
    /// Some process of another user.
    OfUser {
        /// The user's number.
        uid: u32,
    },
    /// Nothing is known.
    Unknown,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process { pid, name } => write!(f, "`{name}` (process {pid})"),
            Self::OfUser { uid } => write!(f, "a program of the user with number {uid}"),
            Self::Unknown => f.write_str("another program"),
        }
    }
}

impl Holder {
    /// Who listens on `address`, as far as this process may know.
    #[must_use]
    pub fn of(address: SocketAddr) -> Self {
        find(Path::new("/proc"), TCP, address)
    }

    /// Who has the UDP port of `address`, as far as this process may know.
    #[must_use]
    pub fn of_udp(address: SocketAddr) -> Self {
        find(Path::new("/proc"), UDP, address)
    }
}

/// The tables of a protocol, and the state of who has a port: of TCP that it listens, of UDP that it is connected to nobody.
type Tables = ([&'static str; 2], &'static str);

const TCP: Tables = (["net/tcp", "net/tcp6"], "0A");
const UDP: Tables = (["net/udp", "net/udp6"], "07");

struct Socket {
    uid: u32,
    inode: String,
}

fn find(proc: &Path, (tables, state): Tables, address: SocketAddr) -> Holder {
    let sockets: Vec<Socket> = tables
        .iter()
        .filter_map(|table| fs::read_to_string(proc.join(table)).ok())
        .flat_map(|table| table.lines().filter_map(|line| listener(line, state, address)).collect::<Vec<_>>())
        .collect();
    let known = sockets.iter().find_map(|socket| process_with(proc, &socket.inode));
    known
        .or_else(|| sockets.first().map(|socket| Holder::OfUser { uid: socket.uid }))
        .unwrap_or(Holder::Unknown)
}

/// A row of `/proc/net/tcp` when it is a socket that listens where `address` cannot: number, local and remote address,
/// state, queues, timer, retransmits, user, timeout, inode (proc(5)).
fn listener(line: &str, listens: &str, address: SocketAddr) -> Option<Socket> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let (local, state, uid, inode) = (fields.get(1)?, fields.get(3)?, fields.get(7)?, fields.get(9)?);
    let local = parse_address(local)?;
    let clashes = local.ip() == address.ip() || local.ip().is_unspecified() || address.ip().is_unspecified();
    (*state == listens && local.port() == address.port() && clashes)
        .then(|| Some(Socket { uid: uid.parse().ok()?, inode: (*inode).to_owned() }))?
}

/// `0100007F:1388` is 127.0.0.1:5000: words of four bytes in this machine's order, the port as one writes it.
fn parse_address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let words = (0..ip.len()).step_by(8).map(|at| u32::from_str_radix(ip.get(at..at + 8)?, 16).ok());
    let bytes: Vec<u8> =
        words.collect::<Option<Vec<u32>>>()?.into_iter().flat_map(u32::to_ne_bytes).collect();
    let ip = match bytes.len() {
        4 => IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        _ => return None,
    };
    Some(SocketAddr::new(ip.to_canonical(), u16::from_str_radix(port, 16).ok()?))
}

fn process_with(proc: &Path, inode: &str) -> Option<Holder> {
    let link = format!("socket:[{inode}]");
    let pids =
        fs::read_dir(proc).ok()?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let holds = |pid: &u32| {
        let open = fs::read_dir(proc.join(pid.to_string()).join("fd")).ok();
        open.is_some_and(|mut open| {
            open.any(|file| {
                file.is_ok_and(|file| {
                    fs::read_link(file.path()).is_ok_and(|to| to.as_os_str() == link.as_str())
                })
            })
        })
    };
    let pid = pids.into_iter().find(holds)?;
    let name = fs::read_to_string(proc.join(pid.to_string()).join("comm")).ok()?;
    Some(Holder::Process { pid, name: name.trim().to_owned() })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_holder_of_a_port_is_named() {
        for address in ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0"] {
            let listener = TcpListener::bind(address).expect("a free port");
            let holder = Holder::of(listener.local_addr().expect("an address"));
            assert!(
                matches!(holder, Holder::Process { pid, .. } if pid == std::process::id()),
                "{address}: {holder}"
            );
        }
    }

    #[test]
    fn a_program_of_somebody_else_is_known_by_its_user() {
        let proc = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(proc.path().join("net")).expect("a folder");
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
                     0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 4711 1 0\n";
        fs::write(proc.path().join("net/tcp"), table).expect("a file");
        let find = |address: &str| find(proc.path(), TCP, address.parse().expect("an address"));
        if cfg!(target_endian = "little") {
            assert_eq!(find("127.0.0.1:5000"), Holder::OfUser { uid: 113 });
            assert_eq!(find("127.0.0.2:5000"), Holder::Unknown);
            assert_eq!(find("0.0.0.0:5000"), Holder::OfUser { uid: 113 });
        }
        assert_eq!(find("127.0.0.1:5001"), Holder::Unknown);
    }
}
