// SPDX-License-Identifier: MIT OR Apache-2.0
//! The certificate profile of the national authority: who the subject is and what the key is for.

use jiff::Timestamp;

use crate::certificate::{Certificate, KeyUsage, NameIds};
use crate::findings::Findings;
use crate::oids;
use crate::policy::{OfficialRole, Policy, Purpose};
use crate::verdict::{CheckCode, JudgedTime, Outcome, Role, Signer, Subject, TimeStamp};

/// What was found about the time of a signature.
#[derive(Debug, Clone)]
pub(crate) struct Timing {
    pub(crate) claimed: Option<Timestamp>,
    pub(crate) time: JudgedTime,
    pub(crate) stamps: Vec<TimeStamp>,
}

/// Returns who the subject is, as the certificate says.
pub(crate) fn signer(certificate: &Certificate, outcome: Outcome, timing: Timing) -> Signer {
    let subject = certificate.subject();
    let text = |kind| subject.first(kind).map(str::to_owned);
    let (common_name, surname) = (text(&oids::COMMON_NAME), text(&oids::SURNAME));
    let given = match (&common_name, &surname) {
        (Some(full), Some(surname)) => full
            .strip_prefix(surname.as_str())
            .map(|rest| rest.trim().to_owned())
            .filter(|rest| !rest.is_empty()),
        _ => None,
    };
    Signer {
        outcome,
        iin: subject.iin().one().map(str::to_owned),
        bin: subject.bin().one().map(str::to_owned),
        common_name,
        surname,
        given,
        patronymic: text(&oids::GIVEN_NAME),
        organization: text(&oids::ORGANIZATION),
        serial_hex: certificate.serial_hex(),
        issuer: certificate.issuer().line(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        key_usage: certificate.extensions().key_usage.map(KeyUsage::words).unwrap_or_default(),
        roles: roles(certificate),
        claimed_time: timing.claimed,
        time: timing.time,
        stamps: timing.stamps,
        certificate: certificate.der().to_vec(),
    }
}

/// Returns the national roles of the subject.
pub(crate) fn roles(certificate: &Certificate) -> Vec<Role> {
    [
        (oids::INDIVIDUAL, Role::Individual),
        (oids::ORGANISATION, Role::Organisation),
        (oids::HEAD, Role::Head),
        (oids::RIGHT_TO_SIGN, Role::RightToSign),
        (oids::FINANCIAL, Role::Financial),
        (oids::HUMAN_RESOURCES, Role::HumanResources),
        (oids::EMPLOYEE, Role::Employee),
        (oids::INFORMATION_SYSTEM, Role::InformationSystem),
    ]
    .into_iter()
    .filter(|(usage, _)| certificate.extensions().usages.contains(usage))
    .map(|(_, role)| role)
    .collect()
}

/// Judges whether the certificate may be used for the purpose, by this person.
pub(crate) fn judge(certificate: &Certificate, policy: &Policy, subject: &Subject, findings: &mut Findings) {
    judge_purpose(certificate, &policy.purpose, subject, findings);
    judge_holder(certificate, policy, subject, findings);
}

/// Judges what is demanded beside the purpose, of the person above all.
pub(crate) fn judge_holder(
    certificate: &Certificate,
    policy: &Policy,
    subject: &Subject,
    findings: &mut Findings,
) {
    let mut more = Findings::default();
    for also in &policy.also {
        judge_purpose(certificate, also, subject, &mut more);
    }
    if let Some(bin) = &policy.expected_bin {
        more.check(CheckCode::BinMismatch, subject, certificate.subject().bin().one() == Some(bin.as_str()));
    }
    if let Some(role) = policy.expected_role {
        let own = official_role(&roles(certificate));
        more.check(CheckCode::RoleInsufficient, subject, own.is_some_and(|own| own >= role));
    }
    // What the purpose demanded already is not told twice.
    more.checks.retain(|check| !findings.checks.contains(check));
    findings.extend(more);
    judge_iin(certificate, policy, subject, findings);
}

/// Returns whether keys of information systems, not of persons, are for this purpose.
const fn is_of_systems(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::OrganisationStamp { .. } | Purpose::GatewayTransport { .. })
}

/// Judges whether the certificate may be used for the purpose, by whomsoever.
fn judge_purpose(certificate: &Certificate, purpose: &Purpose, subject: &Subject, findings: &mut Findings) {
    if *purpose == Purpose::TimeStamping {
        return judge_stamping(certificate, subject, findings);
    }
    let extensions = certificate.extensions();
    // Old keys for logging in lack the second bit: they do not sign.
    let needed: &[KeyUsage] = match purpose {
        Purpose::GatewayTransport { .. } => &[KeyUsage::DIGITAL_SIGNATURE],
        Purpose::OrganisationStamp { .. } => &[KeyUsage::DIGITAL_SIGNATURE, KeyUsage::NON_REPUDIATION],
        Purpose::ApplicantSignature
        | Purpose::OperatorSignature { .. }
        | Purpose::OfficialSignature { .. }
        | Purpose::TimeStamping
        | Purpose::AnySignature => &[KeyUsage::NON_REPUDIATION],
    };
    let has = |usage: KeyUsage| needed.iter().all(|bit| usage.contains(*bit));
    let key_usage = extensions.key_usage.is_some_and(has);
    findings.check(CheckCode::KeyUsage, subject, key_usage && !extensions.is_authority);
    let follows = extensions.policies.iter().any(|own| oids::is_under(own, &oids::POLICY_ARC));
    if *purpose != Purpose::AnySignature {
        findings.check(CheckCode::CertificatePolicy, subject, follows);
    }
    judge_usage(certificate, purpose, subject, findings);
}

/// Judges whether the certificate is one of an authority that stamps time (RFC 3161, 2.3).
///
/// The national one's names no key usage; where it is named, it must be for signing.
fn judge_stamping(certificate: &Certificate, subject: &Subject, findings: &mut Findings) {
    let extensions = certificate.extensions();
    let signs = extensions.key_usage.is_none_or(|usage| {
        usage.contains(KeyUsage::DIGITAL_SIGNATURE) || usage.contains(KeyUsage::NON_REPUDIATION)
    });
    findings.check(CheckCode::KeyUsage, subject, signs && !extensions.is_authority);
    let alone = extensions.usages == [oids::TIME_STAMPING] && extensions.usages_critical;
    findings.check(CheckCode::TimeStampUsage, subject, alone);
}

fn judge_usage(certificate: &Certificate, purpose: &Purpose, subject: &Subject, findings: &mut Findings) {
    let usages = &certificate.extensions().usages;
    let signs = usages.contains(&oids::EMAIL_PROTECTION);
    let roles = roles(certificate);
    // The authority writes nothing but the role into certificates of systems: the key usage says that they sign.
    let is_system = is_system_key(certificate, &roles);
    let is_of_organisation = roles.iter().any(|role| *role > Role::Individual);
    let has_bin = |bin: &str| certificate.subject().bin().one() == Some(bin);
    match purpose {
        Purpose::ApplicantSignature => {
            let individual = signs && roles.contains(&Role::Individual);
            findings.check(CheckCode::ExtendedKeyUsage, subject, individual);
        }
        Purpose::OperatorSignature { bin } => {
            let admitted = if bin.is_some() { is_of_organisation } else { !roles.is_empty() };
            findings.check(CheckCode::ExtendedKeyUsage, subject, signs && admitted);
            if let Some(bin) = bin {
                findings.check(CheckCode::BinMismatch, subject, has_bin(bin));
            }
        }
        Purpose::OfficialSignature { bin, role } => {
            findings.check(
                CheckCode::ExtendedKeyUsage,
                subject,
                signs && roles.contains(&Role::Organisation),
            );
            findings.check(CheckCode::BinMismatch, subject, has_bin(bin));
            let sufficient = official_role(&roles).is_some_and(|own| own >= *role);
            findings.check(CheckCode::RoleInsufficient, subject, sufficient);
        }
        Purpose::OrganisationStamp { bin } => {
            findings.check(CheckCode::ExtendedKeyUsage, subject, is_system);
            findings.check(CheckCode::BinMismatch, subject, has_bin(bin));
        }
        Purpose::GatewayTransport { bin } => {
            // Messages are also signed by people of an organisation: of the one that is demanded, and never of any.
            let is_of_peer = bin.is_some() && signs && roles.contains(&Role::Organisation);
            findings.check(CheckCode::ExtendedKeyUsage, subject, is_system || is_of_peer);
            if let Some(bin) = bin {
                findings.check(CheckCode::BinMismatch, subject, has_bin(bin));
            }
        }
        // An authority of time is judged apart.
        Purpose::TimeStamping => findings.fail(CheckCode::ExtendedKeyUsage, subject),
        Purpose::AnySignature => {
            // What names no use is bound to none (RFC 5280, 4.2.1.12).
            let is_free = usages.is_empty() || usages.contains(&oids::ANY_USAGE);
            let is_admitted = signs || is_system || is_free || usages.contains(&oids::TREASURY);
            findings.check(CheckCode::ExtendedKeyUsage, subject, is_admitted);
        }
    }
}

/// Returns whether the key belongs to an organisation or its information system: nothing in its certificate is a person's, no
/// role, no name and no IIN.
fn is_system_key(certificate: &Certificate, roles: &[Role]) -> bool {
    let subject = certificate.subject();
    let is_named = [oids::SURNAME, oids::GIVEN_NAME].iter().any(|it| subject.first(it).is_some());
    // What a system has for a user id is no number of a person.
    let has_number = subject.first(&oids::USER_ID).is_some_and(|it| it.starts_with("IIN"));
    let is_of_system = |role: &Role| matches!(role, Role::Organisation | Role::InformationSystem);
    let is_personal = is_named || has_number || subject.iin() != NameIds::None;
    !is_personal && !roles.is_empty() && roles.iter().all(is_of_system)
}

fn official_role(roles: &[Role]) -> Option<OfficialRole> {
    if roles.contains(&Role::Head) {
        return Some(OfficialRole::Head);
    }
    if roles.contains(&Role::RightToSign) {
        return Some(OfficialRole::RightToSign);
    }
    let employed = [Role::Employee, Role::Financial, Role::HumanResources];
    employed.iter().any(|role| roles.contains(role)).then_some(OfficialRole::Employee)
}

fn judge_iin(certificate: &Certificate, policy: &Policy, subject: &Subject, findings: &mut Findings) {
    let iin = certificate.subject().iin();
    let is_of_stamps = policy.purpose == Purpose::TimeStamping;
    let is_of_person = |purpose: &Purpose| {
        !(is_of_systems(purpose) || matches!(purpose, Purpose::AnySignature | Purpose::TimeStamping))
    };
    let demanded = policy.expected_iin.is_some()
        || is_of_person(&policy.purpose)
        || policy.also.iter().any(is_of_person);
    if demanded || (iin == NameIds::Ambiguous && !is_of_stamps) {
        findings.check(CheckCode::IinAbsent, subject, iin.one().is_some());
    }
    if let Some(expected) = &policy.expected_iin {
        findings.check(CheckCode::IinMismatch, subject, iin.one() == Some(expected.as_str()));
    }
}
