//! Video and phone conferences.

use super::{RawJson, google_object};

google_object! {
    /// The conference of an event. Written only with `conferenceDataVersion=1`, else ignored by Google.
    pub struct ConferenceData {
        /// Asks Google for a new conference.
        "createRequest" => create_request: CreateConferenceRequest,
        /// Ways in.
        "entryPoints" => entry_points: Vec<EntryPoint>,
        /// Which service.
        "conferenceSolution" => conference_solution: ConferenceSolution,
        /// The service's id of it.
        "conferenceId" => conference_id: String,
        /// The service's signature.
        "signature" => signature: String,
        /// Notes for people.
        "notes" => notes: String,
        /// Parameters of an add-on.
        "parameters" => parameters: RawJson,
    }
}

google_object! {
    /// Asks Google for a new conference.
    pub struct CreateConferenceRequest {
        /// Fresh for each new conference.
        "requestId" => request_id: String,
        /// Which service.
        "conferenceSolutionKey" => conference_solution_key: ConferenceSolutionKey,
        /// How far it is.
        "status" => status: ConferenceRequestStatus,
    }
}

google_object! {
    /// How far the making of a conference is.
    pub struct ConferenceRequestStatus {
        /// `pending`, `success` or `failure`.
        "statusCode" => status_code: String,
    }
}

google_object! {
    /// A conference service.
    pub struct ConferenceSolution {
        /// Which.
        "key" => key: ConferenceSolutionKey,
        /// Its name.
        "name" => name: String,
        /// Its icon's address.
        "iconUri" => icon_uri: String,
    }
}

google_object! {
    /// Which conference service.
    pub struct ConferenceSolutionKey {
        /// `hangoutsMeet`, `addOn`, `eventHangout` or `eventNamedHangout`.
        "type" => kind: String,
    }
}

google_object! {
    /// A way into a conference.
    pub struct EntryPoint {
        /// `video`, `phone`, `sip` or `more`.
        "entryPointType" => entry_point_type: String,
        /// Its address.
        "uri" => uri: String,
        /// What to show for it.
        "label" => label: String,
        /// PIN.
        "pin" => pin: String,
        /// Access code.
        "accessCode" => access_code: String,
        /// Meeting code.
        "meetingCode" => meeting_code: String,
        /// Passcode.
        "passcode" => passcode: String,
        /// Password.
        "password" => password: String,
        /// Country of a phone number.
        "regionCode" => region_code: String,
        /// Such as `toll` or `toll_free`.
        "entryPointFeatures" => entry_point_features: Vec<String>,
    }
}
