//! The document of all routes.

use utoipa::{
    OpenApi, ToSchema,
    openapi::{
        Components, ContentBuilder, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    problem::{Document, WrongField},
    state::ServerState,
};

/// Under which all routes are.
pub(crate) const PREFIX: &str = "/api/integrations/calendar";

/// As the document names it above.
const SESSION: &str = "session";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "theo-calendar",
        description = "A local mirror of a person's Google calendars. Reads come from the mirror; whatever would change \
                       a calendar makes an approval, which that person decides, and is done once.\n\nEvery route but \
                       `health`, `metrics` and `webhook` answers for whoever is signed in, and for nobody else: what is \
                       another person's is not there (404). What cannot be done is told by a problem document (RFC 9457) \
                       that names the field that is wrong. JSON answers to GET have an ETag."
    ),
    components(schemas(Document, WrongField)),
    security(("session" = []))
)]
struct Description;

/// `routes` under their prefix, with what holds of all of them.
pub(crate) fn described(routes: OpenApiRouter<ServerState>) -> OpenApiRouter<ServerState> {
    let mut all = OpenApiRouter::with_openapi(Description::openapi()).nest(PREFIX, routes);
    let document = all.get_openapi_mut();
    let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "theo_session",
        "The signed cookie of the default sessions; a host may put its own authentication in their place.",
    )));
    document.components.get_or_insert_with(Components::new).add_security_scheme(SESSION, scheme);
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.put, &mut item.delete];
        operations.into_iter().flatten().for_each(may_be_refused);
    }
    all
}

fn may_be_refused(operation: &mut Operation) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Document::name()))).build();
    let response = ResponseBuilder::new()
        .description("What was asked for was not done: why, as a problem document")
        .content("application/problem+json", problem)
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
}
