//! `\danog\MadelineProto\EventHandler\Message\ReportReason`: why a message is reported.

use crate::class::{Class, Literal};

/// The enum. The values are the constructors of `ReportReason`.
pub(crate) static REPORT_REASON: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\ReportReason",
    cases: &[
        c"SPAM",
        c"VIOLENCE",
        c"PORNOGRAPHY",
        c"CHILD_ABUSE",
        c"COPYRIGHT",
        c"GEO_IRRELEVANT",
        c"FAKE",
        c"ILLEGAL_DRUGS",
        c"PERSONAL_DETAILS",
        c"OTHER",
    ],
    case_values: &[
        Literal::Text("inputReportReasonSpam"),
        Literal::Text("inputReportReasonViolence"),
        Literal::Text("inputReportReasonPornography"),
        Literal::Text("inputReportReasonChildAbuse"),
        Literal::Text("inputReportReasonCopyright"),
        Literal::Text("inputReportReasonGeoIrrelevant"),
        Literal::Text("inputReportReasonFake"),
        Literal::Text("inputReportReasonIllegalDrugs"),
        Literal::Text("inputReportReasonPersonalDetails"),
        Literal::Text("inputReportReasonOther"),
    ],
    ..Class::DEFAULT
};
