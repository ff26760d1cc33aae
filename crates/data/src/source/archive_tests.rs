use super::testing::{lines_of, packed};

#[test]
fn the_files_of_an_archive_are_tables_wherever_they_lie() {
    let bytes = packed(&[
        ("crm/2026/customers.csv", b"id;name\nacme;M\xC3\xB8ller\n"),
        ("../../leads.tsv", b"id\nl1\n"),
        (
            "/etc/all.json",
            br#"{"teams": [{"id": "north", "size": 3}], "sellers": [{"id": "kim"}]}"#,
        ),
        ("__MACOSX/._customers.csv", b"\0"),
        ("readme.txt", b"hello"),
    ]);
    assert_eq!(
        lines_of("e.zip", bytes),
        [
            "note e.zip:1:1: the file `readme.txt` is not read \
             (its name is not that of a table or workbook)",
            "e.zip/crm/2026/customers.csv customers: id|name",
            "2: \"acme\"|\"Møller\"",
            "e.zip/../../leads.tsv leads: id",
            "2: \"l1\"",
            "e.zip//etc/all.json[teams] teams: id|size",
            "1: \"north\"|3",
            "e.zip//etc/all.json[sellers] sellers: id",
            "1: \"kim\"",
        ]
    );
}

#[test]
fn an_archive_in_an_archive_is_refused() {
    let inner = packed(&[("customers.csv", b"id\n")]);
    assert_eq!(
        lines_of("e.zip", packed(&[("inner.zip", &inner)])),
        [
            "error e.zip:1:1: `inner.zip` is an archive in an archive (expected the files themselves)"
        ]
    );
}

#[test]
fn what_unpacks_to_far_more_than_it_is_is_refused() {
    let zeros = vec![b'0'; 40 << 20];
    let said = lines_of("e.zip", packed(&[("customers.csv", &zeros)]));
    assert!(said[0].starts_with("error e.zip:1:1: it unpacks to 40 MiB, 1"), "{said:?}");
    assert!(
        said[0].ends_with(" times its size (expected at most 2048 MiB, and at most 100 times)")
    );
    // One that says too little of its size is found out when it is read.
    let mut lying = packed(&[("customers.csv", &zeros)]);
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<usize> =
        (0..lying.len() - 4).filter(|place| lying[*place..place + 4] == size).collect();
    assert!(!places.is_empty());
    for place in places {
        lying[place..place + 4].copy_from_slice(&9_u32.to_le_bytes());
    }
    let said = lines_of("e.zip", lying);
    assert!(said[0].starts_with("error e.zip:1:1: `customers.csv`"), "{said:?}");
}

#[test]
fn a_damaged_archive_is_said_to_be_one() {
    let whole = packed(&[("customers.csv", b"id,name\nacme,Acme\n")]);
    assert_eq!(
        lines_of("e.zip", whole[..40].to_vec()),
        ["error e.zip:1:1: the archive is damaged or cut off (expected a whole zip archive)"]
    );
    let mut damaged = whole;
    // In the middle of the packed bytes.
    damaged[50] ^= 0xFF;
    let said = lines_of("e.zip", damaged);
    assert!(said[0].starts_with("error e.zip:1:1: `customers.csv` cannot be unpacked"), "{said:?}");
}
