package lifecycle

import "strings"

// firstHolidays are the days that the joint decrees of the ministers of religious
// affairs, manpower and administrative reform (SKB 3 Menteri) name. A year is
// verified where its days were compared with what ministries or the press
// published of the decree; of 2027 only transcriptions by others were found, all
// alike, so somebody has to compare it still.
func firstHolidays() map[int]HolidaySpec {
	return map[int]HolidaySpec{
		2025: {
			Source:    "SKB 3 Menteri Nomor 1017 Tahun 2024, Nomor 2 Tahun 2024, Nomor 2 Tahun 2024, diubah dengan Nomor 933 Tahun 2025, Nomor 1 Tahun 2025, Nomor 3 Tahun 2025",
			SourceURL: "https://setkab.go.id/pemerintah-tetapkan-hari-libur-nasional-dan-cuti-bersama-tahun-2025/", Verified: true,
			Days: daysOf(holidays2025),
		},
		2026: {
			Source:    "SKB 3 Menteri Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025",
			SourceURL: "https://www.setneg.go.id/baca/index/inilah_skb_3_menteri_libur_nasional_dan_cuti_bersama_2026", Verified: true,
			Days: daysOf(holidays2026),
		},
		2027: {
			Source:    "SKB 3 Menteri Nomor 1205 Tahun 2026, Nomor 3 Tahun 2026, Nomor 2 Tahun 2026",
			SourceURL: "https://setneg.go.id/baca/index/inilah_skb_3_menteri_libur_nasional_dan_cuti_bersama_2027",
			Note:      "Disalin dari beberapa salinan yang sama isinya; naskah resminya belum dicocokkan. Cocokkan, lalu tandai.",
			Days:      daysOf(holidays2027),
		},
	}
}

// daysOf reads lines of day, kind (L for libur nasional, C for cuti bersama) and
// name in both languages.
func daysOf(lines string) (days []Holiday) {
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		part := strings.Split(strings.TrimSpace(line), "|")
		h := Holiday{Date: Day(part[0]), Kind: National, Name: Names{part[2], part[3]}}
		if part[1] == "C" {
			h.Kind, h.Name = Collective, Names{"Cuti bersama " + part[2], "Collective leave: " + part[3]}
		}
		days = append(days, h)
	}
	return days
}

const holidays2025 = `
2025-01-01|L|Tahun Baru 2025 Masehi|New Year's Day
2025-01-27|L|Isra Mikraj Nabi Muhammad SAW|Ascension of the Prophet Muhammad
2025-01-28|C|Tahun Baru Imlek 2576 Kongzili|Lunar New Year
2025-01-29|L|Tahun Baru Imlek 2576 Kongzili|Lunar New Year
2025-03-28|C|Hari Suci Nyepi|Day of Silence
2025-03-29|L|Hari Suci Nyepi (Tahun Baru Saka 1947)|Day of Silence (Saka New Year 1947)
2025-03-31|L|Idulfitri 1446 Hijriah|Eid al-Fitr 1446 AH
2025-04-01|L|Idulfitri 1446 Hijriah|Eid al-Fitr 1446 AH
2025-04-02|C|Idulfitri 1446 Hijriah|Eid al-Fitr 1446 AH
2025-04-03|C|Idulfitri 1446 Hijriah|Eid al-Fitr 1446 AH
2025-04-04|C|Idulfitri 1446 Hijriah|Eid al-Fitr 1446 AH
2025-04-07|C|Idulfitri 1446 Hijriah|Eid al-Fitr 1446 AH
2025-04-18|L|Wafat Yesus Kristus|Good Friday
2025-04-20|L|Kebangkitan Yesus Kristus (Paskah)|Easter Sunday
2025-05-01|L|Hari Buruh Internasional|International Labour Day
2025-05-12|L|Hari Raya Waisak 2569 BE|Vesak 2569 BE
2025-05-13|C|Hari Raya Waisak 2569 BE|Vesak 2569 BE
2025-05-29|L|Kenaikan Yesus Kristus|Ascension Day
2025-05-30|C|Kenaikan Yesus Kristus|Ascension Day
2025-06-01|L|Hari Lahir Pancasila|Pancasila Day
2025-06-06|L|Iduladha 1446 Hijriah|Eid al-Adha 1446 AH
2025-06-09|C|Iduladha 1446 Hijriah|Eid al-Adha 1446 AH
2025-06-27|L|1 Muharam Tahun Baru Islam 1447 Hijriah|Islamic New Year 1447 AH
2025-08-17|L|Proklamasi Kemerdekaan|Independence Day
2025-08-18|C|Proklamasi Kemerdekaan|Independence Day
2025-09-05|L|Maulid Nabi Muhammad SAW|Birthday of the Prophet Muhammad
2025-12-25|L|Kelahiran Yesus Kristus|Christmas Day
2025-12-26|C|Kelahiran Yesus Kristus|Christmas Day
`

const holidays2026 = `
2026-01-01|L|Tahun Baru 2026 Masehi|New Year's Day
2026-01-16|L|Isra Mikraj Nabi Muhammad SAW|Ascension of the Prophet Muhammad
2026-02-16|C|Tahun Baru Imlek 2577 Kongzili|Lunar New Year
2026-02-17|L|Tahun Baru Imlek 2577 Kongzili|Lunar New Year
2026-03-18|C|Hari Suci Nyepi|Day of Silence
2026-03-19|L|Hari Suci Nyepi (Tahun Baru Saka 1948)|Day of Silence (Saka New Year 1948)
2026-03-20|C|Idulfitri 1447 Hijriah|Eid al-Fitr 1447 AH
2026-03-21|L|Idulfitri 1447 Hijriah|Eid al-Fitr 1447 AH
2026-03-22|L|Idulfitri 1447 Hijriah|Eid al-Fitr 1447 AH
2026-03-23|C|Idulfitri 1447 Hijriah|Eid al-Fitr 1447 AH
2026-03-24|C|Idulfitri 1447 Hijriah|Eid al-Fitr 1447 AH
2026-04-03|L|Wafat Yesus Kristus|Good Friday
2026-04-05|L|Kebangkitan Yesus Kristus (Paskah)|Easter Sunday
2026-05-01|L|Hari Buruh Internasional|International Labour Day
2026-05-14|L|Kenaikan Yesus Kristus|Ascension Day
2026-05-15|C|Kenaikan Yesus Kristus|Ascension Day
2026-05-27|L|Iduladha 1447 Hijriah|Eid al-Adha 1447 AH
2026-05-28|C|Iduladha 1447 Hijriah|Eid al-Adha 1447 AH
2026-05-31|L|Hari Raya Waisak 2570 BE|Vesak 2570 BE
2026-06-01|L|Hari Lahir Pancasila|Pancasila Day
2026-06-16|L|1 Muharam Tahun Baru Islam 1448 Hijriah|Islamic New Year 1448 AH
2026-08-17|L|Proklamasi Kemerdekaan|Independence Day
2026-08-25|L|Maulid Nabi Muhammad SAW|Birthday of the Prophet Muhammad
2026-12-24|C|Kelahiran Yesus Kristus|Christmas Day
2026-12-25|L|Kelahiran Yesus Kristus|Christmas Day
`

const holidays2027 = `
2027-01-01|L|Tahun Baru 2027 Masehi|New Year's Day
2027-01-05|L|Isra Mikraj Nabi Muhammad SAW|Ascension of the Prophet Muhammad
2027-02-05|C|Tahun Baru Imlek 2578 Kongzili|Lunar New Year
2027-02-06|L|Tahun Baru Imlek 2578 Kongzili|Lunar New Year
2027-03-08|L|Hari Suci Nyepi (Tahun Baru Saka 1949)|Day of Silence (Saka New Year 1949)
2027-03-09|C|Idulfitri 1448 Hijriah|Eid al-Fitr 1448 AH
2027-03-10|L|Idulfitri 1448 Hijriah|Eid al-Fitr 1448 AH
2027-03-11|L|Idulfitri 1448 Hijriah|Eid al-Fitr 1448 AH
2027-03-12|C|Idulfitri 1448 Hijriah|Eid al-Fitr 1448 AH
2027-03-15|C|Idulfitri 1448 Hijriah|Eid al-Fitr 1448 AH
2027-03-25|C|Wafat Yesus Kristus|Good Friday
2027-03-26|L|Wafat Yesus Kristus|Good Friday
2027-03-28|L|Kebangkitan Yesus Kristus (Paskah)|Easter Sunday
2027-05-01|L|Hari Buruh Internasional|International Labour Day
2027-05-06|L|Kenaikan Yesus Kristus|Ascension Day
2027-05-17|L|Iduladha 1448 Hijriah|Eid al-Adha 1448 AH
2027-05-18|C|Iduladha 1448 Hijriah|Eid al-Adha 1448 AH
2027-05-19|C|Hari Raya Waisak 2571 BE|Vesak 2571 BE
2027-05-20|L|Hari Raya Waisak 2571 BE|Vesak 2571 BE
2027-06-01|L|Hari Lahir Pancasila|Pancasila Day
2027-06-06|L|1 Muharam Tahun Baru Islam 1449 Hijriah|Islamic New Year 1449 AH
2027-08-15|L|Maulid Nabi Muhammad SAW|Birthday of the Prophet Muhammad
2027-08-17|L|Proklamasi Kemerdekaan|Independence Day
2027-12-24|C|Kelahiran Yesus Kristus|Christmas Day
2027-12-25|L|Kelahiran Yesus Kristus|Christmas Day
2027-12-26|L|Isra Mikraj Nabi Muhammad SAW|Ascension of the Prophet Muhammad
`
