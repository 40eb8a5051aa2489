// SPDX-License-Identifier: MIT OR Apache-2.0
//! Canonical form, compared with libxml2.

use std::fmt::Write as _;

use super::tools::run;
use crate::xml::{Canon, canonicalize};

/// Documents written to hit each rule of the canonical forms.
const CORPUS: &[&str] = &[
    "<a/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n",
    "<?xml version=\"1.0\"?><?go  left right ?><!-- one --><a/><!-- two --><?stop?>",
    "<a>  text\t<b/>\n</a>",
    "<a b='1' a=\"2\" A='3'/>",
    "<a xmlns:z='urn:a' xmlns:b='urn:z' b:x='1' z:x='2' x='3'/>",
    "<a xmlns='urn:1'><b xmlns=''><c xmlns='urn:1'/></b></a>",
    "<a xmlns=''><b xmlns='urn:2'/></a>",
    "<p:a xmlns:p='urn:p' xmlns:q='urn:q'><p:b xmlns:p='urn:p'><q:c/></p:b></p:a>",
    "<p:a xmlns:p='urn:p'><p:b xmlns:p='urn:p2'><p:c xmlns:p='urn:p'/></p:b></p:a>",
    "<a xmlns='urn:d' xmlns:x='urn:x'><b x:k='v'/><x:c k='v' xmlns:y='urn:y'/></a>",
    "<a>&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9;&#x20AC;</a>",
    "<a v='&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9;&#x20AC;'/>",
    "<a v='one\ttwo\nthree\r\nfour\rfive  six '/>",
    "<a>one\r\ntwo\rthree\n&#13;\nfour&#13;</a>",
    "<a><![CDATA[<b> & ]] \r\n > ]]>tail<![CDATA[]]></a>",
    "<a>x<![CDATA[y]]>z&amp;<![CDATA[&amp;]]></a>",
    "<a><!-- com\r\nment -->x<!----></a>",
    "<a><?target   value\r\nmore ?><?empty?></a>",
    "<a xml:lang='kk' xml:space='preserve'><b xml:lang='ru'/></a>",
    "<қыз атр='мән' xmlns='urn:kz'>Өңделуде ұ</қыз>",
    "<a xmlns:x='urn:x' xmlns:w='urn:w' w:z='1' x:a='2' b='3' w:a='4'/>",
    "<a b=\"'\" c='\"'>'\"</a>",
    "<a><b></b><b/><b />\n\n<b\n/></a>",
    "\u{feff}<a>\u{10348}</a>",
    "<a x:b='1' xmlns:x='urn:x'><c xmlns:x='urn:y' x:b='2'/><d x:b='3'/></a>",
    "<soap:E xmlns:soap='urn:s' xmlns:unused='urn:u'><soap:B><m xmlns='urn:m'><n xmlns=''>t</n></m></soap:B></soap:E>",
    "<a xml:id='q' id='w' xmlns:xml='http://www.w3.org/XML/1998/namespace'></a>",
    "<a\u{20}b = '1'\n\tc\n=\n'2' ></a >",
];

const FORMS: &[(Canon, &str)] =
    &[(Canon::InclusiveWithComments, "--c14n"), (Canon::ExclusiveWithComments, "--exc-c14n")];

fn assert_same_as_libxml(document: &str) {
    for (canon, option) in FORMS {
        let theirs = run("xmllint", &["--nonet", option, "-"], document.as_bytes());
        assert!(theirs.status.success(), "xmllint refuses {document:?}");
        let ours = canonicalize(document.as_bytes(), *canon).unwrap();
        let (ours, theirs) = (String::from_utf8(ours).unwrap(), String::from_utf8(theirs.stdout).unwrap());
        assert_eq!(ours, theirs, "{option} of {document:?}");
    }
}

#[test]
fn canonical_form_is_that_of_libxml_on_the_corpus() {
    for document in CORPUS {
        assert_same_as_libxml(document);
    }
}

#[test]
fn canonical_form_is_that_of_libxml_on_random_documents() {
    let mut random = Random(20_261_121);
    for _ in 0..300 {
        let mut document = String::new();
        random.prolog(&mut document);
        random.element(&mut document, 0, &mut vec!["p"]);
        random.prolog(&mut document);
        assert_same_as_libxml(&document);
    }
}

#[test]
fn canonical_form_without_comments_differs_only_in_the_comments() {
    let with = "<!-- 1 --><a>x<!-- 2 -->y<?p?></a><!-- 3 -->";
    let plain = canonicalize(with.as_bytes(), Canon::Inclusive).unwrap();
    assert_eq!(String::from_utf8(plain).unwrap(), "<a>xy<?p?></a>");
    let plain = canonicalize(with.as_bytes(), Canon::Exclusive).unwrap();
    assert_eq!(String::from_utf8(plain).unwrap(), "<a>xy<?p?></a>");
}

/// `xmllint` writes `&` of a namespace name as it is, which is not XML; the standard wants it as in an attribute.
#[test]
fn ampersand_in_a_namespace_name_is_escaped() {
    let canonical = canonicalize(b"<a xmlns:x='urn:&amp;x'/>", Canon::Inclusive).unwrap();
    assert_eq!(String::from_utf8(canonical).unwrap(), "<a xmlns:x=\"urn:&amp;x\"></a>");
}

#[test]
fn each_form_is_found_by_its_own_name() {
    for canon in
        [Canon::Inclusive, Canon::InclusiveWithComments, Canon::Exclusive, Canon::ExclusiveWithComments]
    {
        assert_eq!(Canon::from_uri(canon.uri()), Some(canon));
    }
    assert_eq!(Canon::from_uri("http://www.w3.org/2006/12/xml-c14n11"), None);
}

/// A small generator of documents with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn of<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[usize::try_from(self.below(options.len() as u64)).unwrap()]
    }

    fn prolog(&mut self, out: &mut String) {
        for _ in 0..self.below(3) {
            out.push_str(self.of(&["<!-- c\r\n -->", "<?pi some  text?>", "\n", "<?pi?>"]));
        }
    }

    fn element(&mut self, out: &mut String, depth: u32, scope: &mut Vec<&'static str>) {
        let outer = scope.len();
        let mut declarations = String::new();
        if depth == 0 {
            declarations.push_str(" xmlns:p='urn:p0'");
        }
        for prefix in ["", "q", "r"] {
            if self.below(4) == 0 {
                let name = self.of(&["urn:1", "urn:2", "urn:a;b", "urn:3"]);
                let key = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                write!(declarations, " {key}=\"{name}\"").unwrap();
                scope.push(prefix);
            } else if prefix.is_empty() && self.below(5) == 0 {
                declarations.push_str(" xmlns=''");
            }
        }
        let name = self.name(scope, "el");
        let mut attributes = Vec::new();
        for local in ["b", "a", "C"] {
            if self.below(3) == 0 {
                let value = self.of(&["v", "a&#13;b", "x\ty\r\nz", "&lt;&quot;&amp;&gt;", "ұ", "  "]);
                attributes.push(format!(" {}=\"{value}\"", self.name(&scope.clone(), local)));
            }
        }
        if self.below(6) == 0 {
            attributes.push(" xml:lang=\"kk\"".to_owned());
        }
        if self.below(2) == 0 {
            attributes.reverse();
        }
        write!(out, "<{name}{}{declarations}>", attributes.concat()).unwrap();
        for _ in 0..self.below(4) {
            if depth < 5 && self.below(2) == 0 {
                self.element(out, depth + 1, scope);
            } else {
                out.push_str(self.of(&[
                    "text",
                    "\r\n",
                    "&#13;",
                    "&amp;&lt;",
                    "<![CDATA[<&>]]>",
                    "<!--c-->",
                    "<?p i?>",
                    "Өң",
                    "]]",
                    "a\rb",
                ]));
            }
        }
        write!(out, "</{name}>").unwrap();
        scope.truncate(outer);
    }

    fn name(&mut self, scope: &[&'static str], local: &str) -> String {
        let prefix = scope[usize::try_from(self.below(scope.len() as u64)).unwrap()];
        if prefix.is_empty() || self.below(2) == 0 { local.to_owned() } else { format!("{prefix}:{local}") }
    }
}
