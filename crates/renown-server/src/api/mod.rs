//! Renown's own API, below `/api/v1`, and its description, made from the code.

mod audit;
mod campaign;
mod changes;
mod health;
mod keys;
pub(crate) mod people;
mod residents;
mod weights;
mod work;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::Problem;
pub(crate) use people::{Filter, at_the_desk, day, page};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Renown",
        description = "Scores, their reasons, their history, and the rights of those who are scored. The scopes that stand with each \
                       operation are those of which one is enough; `admin` is always enough."
    ),
    components(schemas(Problem)),
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

/// What is answered soon, what takes as long as a body comes in, and the description of both.
fn described() -> (Router<Arc<App>>, Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let (quick, mut api) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::openapi))
        .routes(routes!(health::metrics))
        .routes(routes!(people::leaderboard))
        .routes(routes!(people::person, residents::correct, residents::forget))
        .routes(routes!(people::parts))
        .routes(routes!(people::history))
        .routes(routes!(people::explanation))
        .routes(routes!(changes::diff_of))
        .routes(routes!(changes::events_of))
        .routes(routes!(residents::list, residents::invite))
        .routes(routes!(residents::agree))
        .routes(routes!(residents::withdraw))
        .routes(routes!(residents::object))
        .routes(routes!(residents::held))
        .routes(routes!(residents::looks))
        .routes(routes!(residents::records))
        .routes(routes!(changes::publications))
        .routes(routes!(changes::events))
        .routes(routes!(changes::diff))
        .routes(routes!(campaign::select))
        .routes(routes!(weights::read, weights::publish))
        .routes(routes!(weights::history))
        .routes(routes!(weights::lint))
        .routes(routes!(weights::attack))
        .routes(routes!(weights::edit))
        .routes(routes!(weights::what_if))
        .routes(routes!(weights::compare))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::revoke))
        .routes(routes!(audit::page))
        .split_for_parts();
    let (slow, more) =
        OpenApiRouter::new().routes(routes!(work::ingest)).routes(routes!(work::score)).split_for_parts();
    api.merge(more);
    for (path, item) in &mut api.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(named(method, path));
            may_fail(operation);
        }
    }
    (quick, slow, api)
}

/// What clients that are made from the description call an operation: `get_people_person_history`.
fn named(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1/").split(|char: char| !char.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// Everything may fail, and says so in one way.
fn may_fail(operation: &mut Operation) {
    for (status, description) in [("4XX", "It was not carried out."), ("5XX", "It could not be carried out.")]
    {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(description).content("application/problem+json", content);
        operation.responses.responses.insert(status.into(), response.build().into());
    }
}

/// What is answered soon, and what takes as long as a body comes in or a day is scored.
pub(crate) fn routers() -> (Router<Arc<App>>, Router<Arc<App>>) {
    let (quick, slow, _) = described();
    (quick, slow)
}

/// The description of the API: `OpenAPI` 3.1, as JSON.
pub fn openapi() -> String {
    described().2.to_pretty_json().unwrap_or_default()
}
