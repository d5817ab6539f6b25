//! The DNS half: A and AAAA at once, and the aliases before them.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

use crate::net::resolve::{DnsAnswer, MAX_CHAIN, ResolveError, Servers, distinct};
use crate::text::{HostName, Safe};

/// Aliases walked through to find the addresses; those above [`MAX_CHAIN`] are not kept.
const MAX_WALK: usize = 64;

/// Chain and addresses; never without an address.
pub(super) async fn ask(
    servers: &Servers,
    name: &HostName,
    limit: Duration,
) -> Result<DnsAnswer, ResolveError> {
    let resolver = resolver(servers, limit).map_err(|error| ResolveError::NoServer {
        name: name.safe(),
        reason: words(&error),
    })?;
    let start = Name::from_labels(name.labels()).map_err(|error| ResolveError::Network {
        name: name.safe(),
        reason: Safe::new(&error.to_string()),
    })?;
    let one = async |kind| {
        let lookup = tokio::time::timeout(limit, resolver.lookup(start.clone(), kind)).await;
        let lookup = lookup.unwrap_or(Err(NetError::Timeout));
        let answer = lookup.map(|lookup| read(&start, &lookup));
        answer.map_err(|error| failure(name, limit, &error))
    };
    let (four, six) = tokio::join!(one(RecordType::A), one(RecordType::AAAA));
    merge(name, four, six)
}

fn resolver(servers: &Servers, limit: Duration) -> Result<TokioResolver, NetError> {
    let mut builder = match servers {
        Servers::System => TokioResolver::builder_tokio()?,
        Servers::These(list) => {
            let servers = list.iter().copied().map(server).collect();
            let config = ResolverConfig::from_name_servers(servers);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    options.preserve_intermediates = true;
    // The hosts file is the system half's.
    options.use_hosts_file = ResolveHosts::Never;
    options.cache_size = 32;
    options.timeout = options.timeout.min(limit);
    builder.build()
}

fn server(address: SocketAddr) -> NameServerConfig {
    let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
    for connection in &mut connections {
        connection.port = address.port();
    }
    NameServerConfig::new(address.ip(), true, connections)
}

/// Walks the aliases from `start` and takes the addresses on the way.
fn read(start: &Name, lookup: &Lookup) -> DnsAnswer {
    let records = lookup.answers();
    let mut walked = vec![start.clone()];
    while let Some(next) = walked.last().and_then(|at| alias(records, at)) {
        if walked.len() > MAX_WALK || walked.contains(next) {
            break;
        }
        walked.push(next.clone());
    }
    let on_the_way = records
        .iter()
        .filter(|record| walked.contains(&record.name));
    let addresses = on_the_way.filter_map(|record| match &record.data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        RData::AAAA(address) => Some(IpAddr::V6(address.0)),
        _ => None,
    });
    DnsAnswer {
        chain: walked.iter().skip(1).take(MAX_CHAIN).map(shown).collect(),
        addresses: distinct(addresses),
    }
}

fn alias<'a>(records: &'a [Record], name: &Name) -> Option<&'a Name> {
    records.iter().find_map(|record| match &record.data {
        RData::CNAME(target) if record.name == *name => Some(&target.0),
        _ => None,
    })
}

/// `name` in lower case as a zone file writes it, without the final dot.
fn shown(name: &Name) -> Safe {
    let mut text = String::new();
    for label in name {
        if !text.is_empty() {
            text.push('.');
        }
        for byte in label {
            match byte {
                b'.' | b'\\' => text.extend(['\\', char::from(*byte)]),
                0x21..=0x7e => text.push(char::from(byte.to_ascii_lowercase())),
                _ => {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "\\{byte:03}");
                }
            }
        }
    }
    Safe::new(&text)
}

/// One answer of both families; a family that failed leaves the other.
fn merge(
    name: &HostName,
    four: Result<DnsAnswer, ResolveError>,
    six: Result<DnsAnswer, ResolveError>,
) -> Result<DnsAnswer, ResolveError> {
    let mut both = DnsAnswer::default();
    let mut failures = [None, None];
    for (half, failure) in [four, six].into_iter().zip(&mut failures) {
        match half {
            Ok(answer) => {
                both.addresses.extend(answer.addresses);
                if answer.chain.len() > both.chain.len() {
                    both.chain = answer.chain;
                }
            }
            Err(error) => *failure = Some(error),
        }
    }
    if !both.addresses.is_empty() {
        return Ok(both);
    }
    // "No IPv6 address" says nothing about the name while the question for IPv4 failed.
    let negative =
        |failure: &Option<ResolveError>| failure.as_ref().is_some_and(ResolveError::is_negative);
    if !failures.iter().all(negative) {
        for failure in &mut failures {
            failure.take_if(|error| error.is_negative());
        }
    }
    Err(ResolveError::most_telling(failures, name.safe()))
}

fn failure(name: &HostName, limit: Duration, error: &NetError) -> ResolveError {
    let name = name.safe();
    let code = match error {
        NetError::Timeout => return ResolveError::Timeout { name, limit },
        NetError::Dns(DnsError::NoRecordsFound(none)) => none.response_code,
        NetError::Dns(DnsError::ResponseCode(code)) => *code,
        _ => {
            let reason = words(error);
            return ResolveError::Network { name, reason };
        }
    };
    match code {
        ResponseCode::NoError => ResolveError::NoAddress { name },
        ResponseCode::NXDomain => ResolveError::NoSuchHost { name },
        code => ResolveError::Server {
            name,
            reason: Safe::new(&code.to_string().to_lowercase()),
        },
    }
}

fn words(error: &NetError) -> Safe {
    match error {
        NetError::Io(error) => Safe::new(&error.to_string()),
        error => Safe::new(&error.to_string()),
    }
}
