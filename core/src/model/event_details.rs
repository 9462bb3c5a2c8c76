//! The smaller objects inside an event.

use std::collections::BTreeMap;

use super::{AutoDeclineMode, Text, WorkingLocationKind, google_object};

google_object! {
    /// Keys and values that programs attach: a key of 44 characters, a value of 1,024 at most.
    pub struct ExtendedProperties {
        /// On this copy of the event only.
        "private" => private: BTreeMap<String, String>,
        /// On every guest's copy.
        "shared" => shared: BTreeMap<String, String>,
    }
}

google_object! {
    /// A file attached to an event.
    pub struct Attachment {
        /// Its address.
        "fileUrl" => file_url: Text,
        /// Its title.
        "title" => title: Text,
        /// Its media type.
        "mimeType" => mime_type: Text,
        /// Its icon's address.
        "iconLink" => icon_link: Text,
        /// Its id in Drive.
        "fileId" => file_id: Text,
    }
}

google_object! {
    /// Where an event came from.
    pub struct Source {
        /// Its address.
        "url" => url: Text,
        /// Its title.
        "title" => title: Text,
    }
}

google_object! {
    /// A gadget, which Google no longer shows.
    pub struct Gadget {
        /// How it is shown.
        "display" => display: Text,
        /// Height in pixels.
        "height" => height: i32,
        /// Icon's address.
        "iconLink" => icon_link: Text,
        /// Address.
        "link" => link: Text,
        /// Preferences.
        "preferences" => preferences: BTreeMap<String, String>,
        /// Title.
        "title" => title: Text,
        /// Kind.
        "type" => kind: Text,
        /// Width in pixels.
        "width" => width: i32,
    }
}

google_object! {
    /// Out of office.
    pub struct OutOfOfficeProperties {
        /// What happens to invitations.
        "autoDeclineMode" => auto_decline_mode: AutoDeclineMode,
        /// What declined organizers read.
        "declineMessage" => decline_message: Text,
    }
}

google_object! {
    /// Focus time.
    pub struct FocusTimeProperties {
        /// What happens to invitations.
        "autoDeclineMode" => auto_decline_mode: AutoDeclineMode,
        /// What declined organizers read.
        "declineMessage" => decline_message: Text,
        /// `available` or `doNotDisturb`.
        "chatStatus" => chat_status: Text,
    }
}

google_object! {
    /// A birthday or other yearly day.
    pub struct BirthdayProperties {
        /// The contact's resource name.
        "contact" => contact: Text,
        /// The name of a custom day.
        "customTypeName" => custom_type_name: Text,
        /// `birthday`, `anniversary`, `self`, `other` or `custom`.
        "type" => kind: Text,
    }
}

google_object! {
    /// Where the person works that day.
    pub struct WorkingLocationProperties {
        /// The sort of place.
        "type" => kind: WorkingLocationKind,
        /// Which office.
        "officeLocation" => office_location: OfficeLocation,
        /// Which other place.
        "customLocation" => custom_location: CustomLocation,
    }
}

impl WorkingLocationProperties {
    /// The JSON of `homeOffice`: there when it is at home, of any shape, null too, and so kept with the unknown fields.
    pub fn home_office(&self) -> Option<&str> {
        self.unknown.field("homeOffice")
    }
}

google_object! {
    /// An office.
    pub struct OfficeLocation {
        /// Building.
        "buildingId" => building_id: Text,
        /// Floor.
        "floorId" => floor_id: Text,
        /// Part of the floor.
        "floorSectionId" => floor_section_id: Text,
        /// Desk.
        "deskId" => desk_id: Text,
        /// What to show for it.
        "label" => label: Text,
    }
}

google_object! {
    /// A place that is no office.
    pub struct CustomLocation {
        /// What to show for it.
        "label" => label: Text,
    }
}
