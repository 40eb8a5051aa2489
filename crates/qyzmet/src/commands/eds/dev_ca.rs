// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds dev-ca DIR`: an authority of development in a folder, and its answers over HTTP.

use super::now;
use crate::commands::{Answer, Error};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use eds::RsaSigner;
use gateway::Addresses;
use jiff::Timestamp;
use qyzmet::parts::SystemClock;
use service::ports::Clock as _;
use simulators::ca::{
    Authority, DEV_CA_URL, DEV_PASSWORD, DevCa, DevCaError, Family, GostCa, GostSigner, Person, Standing,
    invented,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of a request to the authority.
const REQUEST_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where it is put.
    dir: PathBuf,
    /// What everything random is made of: the same words and the same time make the same authority. A folder made with
    /// other words is refused.
    #[arg(long, value_name = "TEXT", default_value = "qyzmet")]
    seed: String,
    /// When it is made, `2026-11-23T05:00:00Z`; now if absent.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Gives keys to the people, officials and organisations of the demonstration in place of a few others.
    #[arg(long)]
    demo: bool,
    /// A system that gets `transport-NAME` for its messages and `tls-NAME` for its connections; may be repeated.
    #[arg(long = "system", value_name = "NAME")]
    systems: Vec<String>,
    /// A host for which the keys for connections are good, besides this machine; may be repeated.
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// Afterwards answers on this port of 127.0.0.1: OCSP, lists, certificates and time stamps; 0 takes a free one. Where it
    /// answers is written into `addresses.json` there, for `qyzmet eds verify --trust DIR --fetch`.
    #[arg(long, value_name = "PORT")]
    serve: Option<u16>,
    /// A file that holds by how many seconds the clock is wrong, looked at while it answers.
    #[arg(long, value_name = "FILE", requires = "serve")]
    clock: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let (at, seed) = (args.at.unwrap_or_else(now), eds::sha256(args.seed.as_bytes()));
    let mut people = if args.demo { qyzmet::demo::key_owners()? } else { invented() };
    let gost = make::<GostSigner>(&args.dir.join("gost"), at, (&people, &seed), out)?;
    people.extend(args.systems.iter().map(|name| system(name, &args.hosts)));
    let rsa = make::<RsaSigner>(&args.dir.join("rsa"), at, (&people, &seed), out)?;
    writeln!(
        out,
        "Password of every key file: {DEV_PASSWORD}. Everybody is invented; never trust these roots."
    )?;
    match args.serve {
        Some(port) => {
            let clock = SystemClock::new(None).wrong_by(args.clock.clone());
            serve(Both { rsa, gost, clock }, (&args.dir, port), out)
        }
        None => Ok(Answer::Done),
    }
}

fn system(name: &str, hosts: &[String]) -> Person {
    let here = ["127.0.0.1", "localhost"].map(str::to_owned);
    Person {
        name: name.to_owned(),
        iin: String::new(),
        surname: String::new(),
        given: String::new(),
        patronymic: None,
        standing: Standing::System { hosts: here.into_iter().chain(hosts.iter().cloned()).collect() },
    }
}

/// Makes one authority and writes its lists.
fn make<K: Family>(
    folder: &Path,
    at: Timestamp,
    (people, seed): (&[Person], &[u8; 32]),
    out: &mut dyn Write,
) -> Result<Authority<K>, Error> {
    let failed = |it: DevCaError| Error::Authority(it.to_string());
    let ca = Authority::<K>::from_seed(folder, at, people, seed).map_err(failed)?;
    let lists = [("nca.crl", ca.crl(at)), ("nca_d.crl", ca.crl_changes(at)), ("root.crl", ca.root_crl(at))];
    for (name, list) in lists {
        let path = folder.join(name);
        std::fs::write(&path, list).map_err(|error| failed(DevCaError::File(path, error)))?;
    }
    let names: Vec<&str> = ca.holders().map(|(name, _)| name).collect();
    writeln!(out, "{}: {}", folder.display(), names.join(" "))?;
    Ok(ca)
}

#[derive(Debug)]
struct Both {
    rsa: Authority<RsaSigner>,
    gost: Authority<GostSigner>,
    clock: SystemClock,
}

/// Writes where the addresses of its certificates are answered now, for `--trust` of `qyzmet eds verify`.
fn write_addresses(dir: &Path, at: SocketAddr) -> Result<PathBuf, Error> {
    let instead: BTreeMap<String, String> = DevCa::paths()
        .chain(GostCa::paths())
        .map(|path| (format!("{DEV_CA_URL}{path}"), format!("http://{at}{path}")))
        .collect();
    let stamp = Some(format!("http://{at}{}", DevCa::stamp_path()));
    let addresses = Addresses { instead, stamp, ..Addresses::default() };
    let path = dir.join("addresses.json");
    std::fs::write(&path, serde_json::to_vec_pretty(&addresses)?)
        .map_err(|error| Error::Authority(DevCaError::File(path.clone(), error).to_string()))?;
    Ok(path)
}

fn serve(both: Both, (dir, port): (&Path, u16), out: &mut dyn Write) -> Result<Answer, Error> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let at = listener.local_addr()?;
        writeln!(out, "Answers at http://{at}")?;
        let written = write_addresses(dir, at)?;
        writeln!(out, "{}: where its addresses are answered. For example:", written.display())?;
        let (dir, root) = (dir.display(), dir.join("rsa").join("root.cer"));
        writeln!(out, "qyzmet eds verify FILE --root {} --trust {dir} --fetch", root.display())?;
        out.flush()?;
        let app = Router::new()
            .fallback(answer)
            .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
            .with_state(Arc::new(both));
        axum::serve(listener, app).await?;
        Ok(Answer::Done)
    })
}

async fn answer(State(both): State<Arc<Both>>, uri: Uri, body: Bytes) -> Response {
    let (path, at) = (uri.path(), both.clock.now());
    match both.rsa.answer(path, &body, at).or_else(|| both.gost.answer(path, &body, at)) {
        Some(it) => ([(CONTENT_TYPE, HeaderValue::from_static(it.content_type))], it.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
