//! The page with devices, frames and the map, and the metrics.

use super::{Server, command};
use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use std::{net::IpAddr, sync::Arc};
use tokio::net::TcpListener;
use tracing::error;

/// The devices that one answer has, at most.
const DEVICES: usize = 2000;

/// Serves pages for as long as the server runs.
pub async fn serve(listener: TcpListener, pages: Router) {
    if let Err(error) = axum::serve(listener, pages).await {
        error!("page: {error}");
    }
}

/// The page for people.
pub fn page(server: Arc<Server>) -> Router {
    Router::new()
        .route("/", get(async || Html(include_str!("page.html"))))
        .route("/state", get(state))
        .route("/command", post(give))
        .layer(middleware::from_fn(is_addressed))
        .with_state(server)
}

/// The metrics for Prometheus.
pub fn metrics(server: Arc<Server>) -> Router {
    Router::new()
        .route("/metrics", get(counts))
        .with_state(server)
}

/// Lets through only requests whose `Host` is an address or `localhost`.
///
/// A name may be one that a stranger's page points at this machine, to read and to command through
/// the browser of whoever looks at it.
async fn is_addressed(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if name == "localhost" || name.parse::<IpAddr>().is_ok() {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "use the address of the server\n").into_response()
    }
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

/// What has changed.
async fn state(State(server): State<Arc<Server>>, Query(after): Query<After>) -> Response {
    Json(server.fleet().state(after.after, DEVICES)).into_response()
}

#[derive(Deserialize)]
struct Given {
    line: String,
}

/// Carries out a command. Other sites cannot send JSON here: their browsers ask first, and are not
/// answered.
async fn give(State(server): State<Arc<Server>>, Json(given): Json<Given>) -> Response {
    match command::run(&server, &given.line) {
        Ok(text) => text.into_response(),
        Err(text) => (StatusCode::BAD_REQUEST, text).into_response(),
    }
}

async fn counts(State(server): State<Arc<Server>>) -> Response {
    if let Some(store) = &server.store {
        let waiting = i64::try_from(store.waiting()).unwrap_or(i64::MAX);
        server.metrics.waiting.set(waiting);
    }
    match server.metrics.text() {
        Ok(text) => {
            let mut headers = HeaderMap::new();
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            if let Ok(kind) = kind.parse() {
                headers.insert(header::CONTENT_TYPE, kind);
            }
            (headers, text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
