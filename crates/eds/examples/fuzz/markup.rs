// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of XML by its tokens: tags, attributes and texts are moved, doubled and put in.

use crate::steps::Steps;

/// What is put in between tokens.
const PIECES: [&str; 24] = [
    "<!-- c -->",
    "<?p i?>",
    "<![CDATA[<&]]>",
    "&#13;",
    "&#x10FFFF;",
    "&amp;",
    "&lt;",
    "<a>",
    "</a>",
    "<a/>",
    "<a xmlns=''/>",
    "<ds:Object/>",
    "<ds:Object Id=\"q\"><a/></ds:Object>",
    "<x xmlns:x=\"urn:x\" x:y=\"1\"/>",
    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>1</ds:XPath></ds:Transform>",
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>",
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"#default ds x\"/></ds:Transform>",
    "<!DOCTYPE a [<!ENTITY e 'x'>]>",
    "&e;",
    "]]>",
    "\r\n",
    "\u{10348}",
    "\u{fffe}",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
];
/// What is put into a tag.
const ATTRIBUTES: [&str; 18] = [
    " Id=\"q\"",
    " ID='q'",
    " xml:id=\"q\"",
    " xmlns=\"\"",
    " xmlns=\"urn:q\"",
    " xmlns:ds=\"urn:q\"",
    " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
    " xmlns:p=\"urn:p\"",
    " xmlns:p=''",
    " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"",
    " xmlns:xmlns=\"urn:x\"",
    " xml:lang=\"kk\"",
    " xml:space='preserve'",
    " p:a=\"1\"",
    " a=\"\t\r\n&#9;&#13;\"",
    " a='\"&lt;>'",
    " URI=\"#q\"",
    " URI=\"\"",
];
const VALUES: [&str; 14] = [
    "",
    "#q",
    "#xpointer(/)",
    "file:///x",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512",
    "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512",
    "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311",
    "id-1",
];

fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = if rest.starts_with('<') { rest.find('>').map(|it| it + 1) } else { rest.find('<') };
        let (token, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        found.push(token);
        rest = after;
    }
    found
}

/// Returns the number of tokens of the element that begins at `at`.
fn element_length(tokens: &[&str], at: usize) -> usize {
    let mut depth = 0usize;
    for (count, token) in tokens.iter().skip(at).enumerate() {
        if token.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if token.starts_with('<')
            && !token.starts_with("<!")
            && !token.starts_with("<?")
            && !token.ends_with("/>")
        {
            depth += 1;
        }
        if depth == 0 {
            return count + 1;
        }
    }
    1
}

/// Returns the token with one of its quoted values changed.
fn with_value(steps: &mut Steps, token: &str) -> String {
    let mut parts: Vec<&str> = token.split('"').collect();
    let place = steps.next(parts.len() / 2) * 2 + 1;
    let value = steps.of(&VALUES).unwrap_or_default();
    parts.get_mut(place).into_iter().for_each(|it| *it = value);
    parts.join("\"")
}

fn with_attribute(steps: &mut Steps, token: &str) -> String {
    let head = token.find([' ', '/', '>']).filter(|at| *at > 1).unwrap_or(token.len());
    let (name, rest) = token.split_at_checked(head).unwrap_or((token, ""));
    format!("{name}{}{rest}", steps.of(&ATTRIBUTES).unwrap_or_default())
}

fn with_name(steps: &mut Steps, token: &str, tokens: &[&str]) -> String {
    let other = tokens.get(steps.next(tokens.len())).copied().unwrap_or_default();
    let name = |it: &str| it.find([' ', '/', '>']).filter(|at| *at > 1).unwrap_or(it.len());
    let (from, to) = (name(token), name(other));
    format!("{}{}", other.get(..to).unwrap_or_default(), token.get(from..).unwrap_or_default())
}

fn moved(steps: &mut Steps, tokens: &[&str], others: &[Vec<u8>]) -> Vec<String> {
    let mut out: Vec<String> = tokens.iter().map(|it| (*it).to_owned()).collect();
    let at = steps.next(out.len());
    let length = element_length(tokens, at).min(out.len() - at.min(out.len()));
    let element: Vec<String> = out.iter().skip(at).take(length).cloned().collect();
    let to = steps.next(out.len());
    match steps.next(6) {
        0 => drop(out.drain(at..at + length)),
        1 => drop(out.splice(to..to, element)),
        2 => {
            drop(out.drain(at..at + length));
            let to = steps.next(out.len());
            drop(out.splice(to..to, element));
        }
        // The element inside another, around itself, or in the place of another.
        3 => {
            let wrapped = [vec!["<w>".to_owned()], element, vec!["</w>".to_owned()]].concat();
            drop(out.splice(at..at + length, wrapped));
        }
        4 => {
            let other = element_length(tokens, to).min(out.len() - to);
            drop(out.splice(to..to + other, element));
        }
        _ => {
            let other = others
                .get(steps.next(others.len()))
                .map_or("", |it| std::str::from_utf8(it).unwrap_or_default());
            let theirs = crate::markup::tokens(other);
            let from = steps.next(theirs.len());
            let piece = theirs.iter().skip(from).take(element_length(&theirs, from));
            drop(out.splice(to..to, piece.map(|it| (*it).to_owned()).collect::<Vec<_>>()));
        }
    }
    out
}

/// Changes one token or moves one element.
pub(crate) fn change(steps: &mut Steps, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return steps.bytes(bytes, others) };
    let tokens = tokens(text);
    if tokens.is_empty() {
        return;
    }
    let at = steps.next(tokens.len());
    let token = tokens.get(at).copied().unwrap_or_default();
    let new = match steps.next(9) {
        0 => format!("{token}{}", steps.of(&PIECES).unwrap_or_default()),
        1 if token.starts_with('<') => with_attribute(steps, token),
        2 if token.contains('"') => with_value(steps, token),
        3 => token.replacen("ds:", steps.of(&["", "d:", "xml:", "xmlns:", "ds:ds:"]).unwrap_or_default(), 1),
        4 => with_name(steps, token, &tokens),
        5 => {
            let mut own = token.as_bytes().to_vec();
            steps.bytes(&mut own, others);
            String::from_utf8_lossy(&own).into_owned()
        }
        _ => {
            *bytes = moved(steps, &tokens, others).concat().into_bytes();
            return;
        }
    };
    let mut out: Vec<&str> = tokens;
    out.get_mut(at).into_iter().for_each(|it| *it = &new);
    *bytes = out.concat().into_bytes();
}
