//! Renown's own API, below `/api/v1`, and its description, made from the code.

mod health;
mod people;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
pub(crate) use people::{Filter, at_the_desk, day, page};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Renown",
        description = "Scores, their reasons, their history, and the rights of those who are scored."
    ),
    modifiers(&Keys),
    security(("bearer" = []), ("header" = []))
)]
struct Description;

/// How a key is sent.
struct Keys;

impl utoipa::Modify for Keys {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let header = ApiKey::Header(ApiKeyValue::new("X-Api-Key"));
        components.add_security_scheme("header", SecurityScheme::ApiKey(header));
    }
}

fn described() -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::openapi))
        .routes(routes!(health::metrics))
        .routes(routes!(people::leaderboard))
        .routes(routes!(people::person))
        .routes(routes!(people::history))
        .routes(routes!(people::explanation))
        .split_for_parts()
}

pub(crate) fn router() -> Router<Arc<App>> {
    described().0
}

/// The description of the API: OpenAPI 3.1, as JSON.
pub fn openapi() -> String {
    described().1.to_pretty_json().unwrap_or_default()
}
