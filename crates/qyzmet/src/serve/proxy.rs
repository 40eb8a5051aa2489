// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a request comes from when a proxy stands before the pages: without it all people would share one count of
//! trials, and anybody could lock everybody out.

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// Where our proxies say from whom a request came; each puts the one that it saw at the end.
const FORWARDED: &str = "x-forwarded-for";

/// Takes the word of these proxies, and of nobody else, about who stands behind them.
pub(super) fn believing(proxies: BTreeSet<IpAddr>, pages: Router) -> Router {
    if proxies.is_empty() {
        return pages;
    }
    pages.layer(from_fn(move |mut request: Request, next: Next| {
        let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0);
        if let Some(from) = from.filter(|it| proxies.contains(&it.ip().to_canonical()))
            && let Some(behind) = behind(request.headers(), &proxies)
        {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(behind, from.port())));
        }
        next.run(request)
    }))
}

/// Returns the last address that is no proxy of ours: what stands before it anybody may have written.
fn behind(headers: &HeaderMap, proxies: &BTreeSet<IpAddr>) -> Option<IpAddr> {
    let said: Vec<&str> = headers.get_all(FORWARDED).iter().filter_map(|it| it.to_str().ok()).collect();
    let mut named = said.iter().flat_map(|it| it.split(',')).rev().map(|it| it.trim().parse::<IpAddr>());
    named.find(|it| it.as_ref().map_or(true, |it| !proxies.contains(it)))?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;
    use web::limit::Place;

    async fn place(from: &str, said: &[&str]) -> String {
        let pages = Router::new().route("/", get(|place: Place| async move { format!("{:?}", place.0) }));
        let proxies = ["10.0.0.1", "10.0.0.2"].map(|it| it.parse().unwrap());
        let mut request = Request::get("/");
        for it in said {
            request = request.header(FORWARDED, *it);
        }
        let from: SocketAddr = from.parse().unwrap();
        let request = request.extension(ConnectInfo(from)).body(Body::empty()).unwrap();
        let answer = believing(BTreeSet::from(proxies), pages).oneshot(request).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 100).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn who_stands_behind_our_proxy_is_counted_and_what_strangers_say_is_not_believed() {
        assert_eq!(place("10.0.0.1:5", &["203.0.113.7"]).await, "Some(203.0.113.7)");
        // What the person wrote himself stands before what the proxy saw.
        assert_eq!(place("10.0.0.1:5", &["198.51.100.1, 203.0.113.7"]).await, "Some(203.0.113.7)");
        assert_eq!(place("10.0.0.1:5", &["198.51.100.1", "203.0.113.7"]).await, "Some(203.0.113.7)");
        assert_eq!(place("10.0.0.1:5", &["203.0.113.7, 10.0.0.2"]).await, "Some(203.0.113.7)");
        assert_eq!(place("203.0.113.9:5", &["203.0.113.7"]).await, "Some(203.0.113.9)");
        assert_eq!(place("10.0.0.1:5", &["unknown"]).await, "Some(10.0.0.1)");
        assert_eq!(place("10.0.0.1:5", &[]).await, "Some(10.0.0.1)");
    }
}
