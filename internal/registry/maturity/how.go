package maturity

// How says how the figures of one part of a report were counted.
type How struct {
	Part string `json:"part" enum:"approval,lids,grants,exchanges,samples,norms,findings"`
	Text Words  `json:"text"`
}

func hows() []How {
	return []How{
		{"approval", Words{"Keputusan operator nasional yang berlaku saat laporan dibuat, dan formulir penunjukan PIC yang terakhir diterima.",
			"The decision of the national operator that is in force when the report is made, and the appointment of PICs that was accepted last."}},
		{"lids", Words{"Semua LID milik instansi saat laporan dibuat, termasuk rancangan dan yang sudah ditarik. Nilai mutu dihitung hub dari keterangan LID terbit, 0 sampai 100; ini bukan nilai penilaian.",
			"All LIDs of the agency when the report is made, drafts and retired ones too. The quality score is counted by the hub from what a published LID says of itself, 0 to 100; it is no score of the assessment."}},
		{"grants", Words{"Izin yang tercatat saat laporan dibuat. Berlaku: tidak dibekukan, dan berada dalam masanya. Pihak: banyaknya instansi berbeda di sisi lain izin yang berlaku.",
			"Grants on record when the report is made. In effect: not suspended, and within their period. Parties: different agencies on the other side of those in effect."}},
		{"exchanges", Words{"Catatan bukti pertukaran yang dibuka dalam periode dan sudah berakhir, menurut waktu Jakarta (WIB). Terkirim: dijawab penyedia, apa pun isinya. Panggilan antaraplikasi satu instansi dihitung sekali, sebagai penyedia.",
			"Records of exchanges that were opened in the period and have ended, by the time of Jakarta (WIB). Delivered: answered by the provider, whatever the answer. Calls within one agency are counted once, as provided."}},
		{"samples", Words{"Pertukaran terkirim yang terbaru dalam periode. Nomornya dapat diperiksa pada halaman Pertukaran atau dengan API, oleh kedua pihak dan operator nasional.",
			"The newest delivered exchanges of the period. Both parties and the national operator can look them up on the page of exchanges or through the API."}},
		{"norms", Words{"Diasuh: standar yang disetujui dan daftar kode yang diterbitkan instansi. Diikuti: kolom LID instansi yang diikat pada standar atau daftar. Metadata: formulir menurut keadaannya.",
			"Kept: approved standards and published lists of codes of the agency. Followed: fields of its LIDs that are bound to a standard or a list. Metadata: forms by their state."}},
		{"findings", Words{"Temuan membandingkan angka di atas dengan daftar permintaan penilaian. Hub tidak memberi tingkat atau nilai: penilaian dilakukan asesor.",
			"Findings hold the figures above against what assessments ask for. The hub gives no level and no score: the assessment is the assessor's."}},
	}
}

// how explains one part.
func (r Report) how(part string) Words {
	for _, h := range r.How {
		if h.Part == part {
			return h.Text
		}
	}
	return Words{}
}
