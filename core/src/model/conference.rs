//! Video and phone conferences.

use super::{RawJson, Text, google_object};

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
        "conferenceId" => conference_id: Text,
        /// The service's signature.
        "signature" => signature: Text,
        /// Notes for people.
        "notes" => notes: Text,
        /// Parameters of an add-on.
        "parameters" => parameters: RawJson,
    }
}

google_object! {
    /// Asks Google for a new conference.
    pub struct CreateConferenceRequest {
        /// Fresh for each new conference.
        "requestId" => request_id: Text,
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
        "statusCode" => status_code: Text,
    }
}

google_object! {
    /// A conference service.
    pub struct ConferenceSolution {
        /// Which.
        "key" => key: ConferenceSolutionKey,
        /// Its name.
        "name" => name: Text,
        /// Its icon's address.
        "iconUri" => icon_uri: Text,
    }
}

google_object! {
    /// Which conference service.
    pub struct ConferenceSolutionKey {
        /// `hangoutsMeet`, `addOn`, `eventHangout` or `eventNamedHangout`.
        "type" => kind: Text,
    }
}

google_object! {
    /// A way into a conference.
    pub struct EntryPoint {
        /// `video`, `phone`, `sip` or `more`.
        "entryPointType" => entry_point_type: Text,
        /// Its address.
        "uri" => uri: Text,
        /// What to show for it.
        "label" => label: Text,
        /// PIN.
        "pin" => pin: Text,
        /// Access code.
        "accessCode" => access_code: Text,
        /// Meeting code.
        "meetingCode" => meeting_code: Text,
        /// Passcode.
        "passcode" => passcode: Text,
        /// Password.
        "password" => password: Text,
        /// Country of a phone number.
        "regionCode" => region_code: Text,
        /// Such as `toll` or `toll_free`.
        "entryPointFeatures" => entry_point_features: Vec<String>,
    }
}
