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
    if policy.purpose == Purpose::TimeStamping {
        return judge_stamping(certificate, subject, findings);
    }
    let is_system =
        matches!(policy.purpose, Purpose::OrganisationStamp { .. } | Purpose::GatewayTransport { .. });
    let extensions = certificate.extensions();
    let needed = if is_system {
        KeyUsage::DIGITAL_SIGNATURE
    } else {
        // Old keys for logging in lack the second bit: they do not sign.
        KeyUsage::NON_REPUDIATION
    };
    let key_usage = extensions.key_usage.is_some_and(|usage| usage.contains(needed));
    findings.check(CheckCode::KeyUsage, subject, key_usage && !extensions.is_authority);
    let follows = extensions.policies.iter().any(|own| oids::is_under(own, &oids::POLICY_ARC));
    if policy.purpose != Purpose::AnySignature {
        findings.check(CheckCode::CertificatePolicy, subject, follows);
    }
    judge_usage(certificate, policy, subject, findings);
    judge_iin(certificate, policy, is_system, subject, findings);
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

fn judge_usage(certificate: &Certificate, policy: &Policy, subject: &Subject, findings: &mut Findings) {
    let usages = &certificate.extensions().usages;
    let (signs, logs_in) = (usages.contains(&oids::EMAIL_PROTECTION), usages.contains(&oids::CLIENT_AUTH));
    let roles = roles(certificate);
    let is_of_organisation = roles.iter().any(|role| *role > Role::Individual);
    let has_bin = |bin: &str| certificate.subject().bin().one() == Some(bin);
    match &policy.purpose {
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
            findings.check(CheckCode::ExtendedKeyUsage, subject, signs && is_system_key(certificate, &roles));
            findings.check(CheckCode::BinMismatch, subject, has_bin(bin));
        }
        Purpose::GatewayTransport { bin } => {
            let admitted = (signs || logs_in) && is_system_key(certificate, &roles);
            findings.check(CheckCode::ExtendedKeyUsage, subject, admitted);
            if let Some(bin) = bin {
                findings.check(CheckCode::BinMismatch, subject, has_bin(bin));
            }
        }
        // An authority of time is judged apart.
        Purpose::TimeStamping => findings.fail(CheckCode::ExtendedKeyUsage, subject),
        Purpose::AnySignature => {
            findings.check(CheckCode::ExtendedKeyUsage, subject, signs);
        }
    }
}

/// Returns whether the key belongs to an organisation's information system, not to a person of it.
fn is_system_key(certificate: &Certificate, roles: &[Role]) -> bool {
    let impersonal = certificate.subject().iin() == NameIds::None;
    roles.contains(&Role::InformationSystem) || (impersonal && roles.contains(&Role::Organisation))
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

fn judge_iin(
    certificate: &Certificate,
    policy: &Policy,
    is_system: bool,
    subject: &Subject,
    findings: &mut Findings,
) {
    let iin = certificate.subject().iin();
    let demanded = policy.expected_iin.is_some() || !(is_system || policy.purpose == Purpose::AnySignature);
    if demanded || iin == NameIds::Ambiguous {
        findings.check(CheckCode::IinAbsent, subject, iin.one().is_some());
    }
    if let Some(expected) = &policy.expected_iin {
        findings.check(CheckCode::IinMismatch, subject, iin.one() == Some(expected.as_str()));
    }
}
