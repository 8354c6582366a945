use outgoing_to_device::*;
#[test]
fn smoke() {
    let policy = Policy::default();
    let mut checker = Checker::new();
    for body in [
        include_bytes!("../../../shared/api/whatsapp.json").as_slice(),
        include_bytes!("../../../shared/api/mobile.json"),
        br#"{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}"#,
        br#"{"text":" a\r\nb\u00e9\ud83d\ude00","attachments":[{"url":" http://a/b ","type":"image/JPG; Q=1","size":2.56e2}],"applicationDescriptor":{"channelType":"whatsapp","deviceAddress":"+7 (900) 000-00-00"}}"#,
        br#"{"clientId":1,"x":{"y":["\ud800",{"\ud800":"\ud800"}]},"text":5,"tex":1,"clientApplicationDescriptor":{"channelType":"MOBIL","deviceAddress":" "}}"#,
        br#"{"text":"x","clientApplicationDescriptor":{"channelType":"MOBILE","deviceAddress":"a", "clientId":null}}"#,
        br#"{"text":"x" "#, b"", b"\xef\xbb\xbf", b"[1,2", br#"{"text":"x"}"#,
    ] {
        match checker.check(&policy, body) {
            Outcome::Accepted(a) => {
                println!("OK {} canonical={} {:?}", String::from_utf8_lossy(&a.request.to_json()), a.request.as_normalized().is_some(), a.warnings());
            }
            Outcome::Rejected(r) => println!("NO {r:#?}\n{}", r.to_owned()),
        }
    }
}
