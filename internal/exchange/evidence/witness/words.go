package witness

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

func say(ctx context.Context, t simpul.Text) string { return t.In(web.Language(ctx)) }

// oneLine keeps a name from breaking the line that it stands in.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// overallName is a log's state in two words.
func overallName(o Overall) (simpul.Text, web.Tone) {
	switch o {
	case Vouched:
		return simpul.Text{ID: "Ditandatangani saksi", EN: "Cosigned"}, web.Good
	case Disputed:
		return simpul.Text{ID: "Saksi berselisih", EN: "Disputed"}, web.Bad
	case Awaiting:
		return simpul.Text{ID: "Menunggu saksi", EN: "Awaiting witness"}, web.Caution
	}
	return simpul.Text{ID: "Tanpa saksi", EN: "No witness"}, web.Caution
}

// overallText is a log's state in one sentence.
func overallText(r Report) simpul.Text {
	switch r.State {
	case Vouched:
		return simpul.Text{
			ID: fmt.Sprintf("%d dari %d saksi menandatangani log bukti; yang terbaru pukul %s WIB.", r.Cosigned, len(r.Witnesses), r.Newest.In(jakarta).Format("15.04")),
			EN: fmt.Sprintf("%d of %d witnesses cosign the evidence log; the newest at %s WIB.", r.Cosigned, len(r.Witnesses), r.Newest.In(jakarta).Format("15:04"))}
	case Disputed:
		return simpul.Text{
			ID: "Yang pernah dilihat saksi tidak cocok dengan isi log hub sekarang. Ini harus diselidiki.",
			EN: "What witnesses have seen does not match what the hub's log has now. This must be looked into."}
	case Awaiting:
		if !slices.ContainsFunc(r.Witnesses, func(w Witness) bool { return w.State != Waiting }) {
			return simpul.Text{
				ID: "Saksi belum ditanya: log bukti masih kosong, atau hub baru saja dijalankan.",
				EN: "Witnesses were not asked yet: the evidence log is still empty, or the hub was just started."}
		}
		return simpul.Text{
			ID: "Belum ada tanda tangan saksi dalam 10 menit terakhir. Pertukaran tetap berjalan dan tercatat; buktinya menyusul ditandatangani begitu saksi menjawab.",
			EN: "No witness has cosigned in the last 10 minutes. Exchanges go on and are recorded; their evidence is cosigned as soon as a witness answers."}
	}
	return simpul.Text{
		ID: "Belum ada saksi yang diatur. Tanpa saksi, orang hanya dapat percaya kepada operator bahwa log bukti tidak pernah ditulis ulang.",
		EN: "No witness is configured. Without one, people can only trust the operator that the evidence log was never rewritten."}
}

// stateName is a witness's state in two words.
func stateName(w Witness) (simpul.Text, web.Tone) {
	switch w.State {
	case Cosigned:
		return simpul.Text{ID: "Menandatangani", EN: "Cosigns"}, web.Good
	case Unreachable:
		return simpul.Text{ID: "Tidak menjawab", EN: "No answer"}, web.Caution
	case Refusing:
		return simpul.Text{ID: "Menolak", EN: "Refuses"}, web.Caution
	case Faulty:
		return simpul.Text{ID: "Jawaban tidak sah", EN: "Unusable answer"}, web.Bad
	case Later, Fork:
		return simpul.Text{ID: "Berselisih", EN: "Disputes"}, web.Bad
	}
	return simpul.Text{ID: "Belum ditanya", EN: "Not asked yet"}, web.Neutral
}

// stateText says in a sentence or two where a witness stands, and what to do.
func stateText(w Witness) simpul.Text {
	switch w.State {
	case Cosigned:
		return simpul.Text{ID: "Saksi ini memeriksa bahwa log hanya bertambah, dan menandatanganinya.", EN: "This witness checks that the log has only grown, and cosigns it."}
	case Unreachable:
		return simpul.Text{ID: "Saksi tidak dapat dihubungi, atau tidak menjawab dalam 10 detik. Hub mencoba lagi sendiri. Bila berlanjut, hubungi penyelenggara saksi atau periksa jaringan ke alamatnya.",
			EN: "The witness could not be reached, or did not answer within 10 seconds. The hub tries again by itself. If it goes on, talk to who runs the witness, or check the network to its address."}
	case Refusing:
		return refusalText(w)
	case Faulty:
		return faultText(w)
	case Later, Fork:
		return disputeText(w.Name, w.Standing)
	}
	return simpul.Text{ID: "Hub menanyai saksi begitu log bukti berisi.", EN: "The hub asks the witness as soon as the evidence log has entries."}
}

func refusalText(w Witness) simpul.Text {
	if w.Reason == UnknownKey {
		return simpul.Text{ID: "Saksi mengenal log ini dengan kunci lain. Kirim kepadanya baris log dari /.well-known/simpul-keys.",
			EN: "The witness knows this log by another key. Send it the log's line of /.well-known/simpul-keys."}
	}
	return simpul.Text{ID: "Saksi belum mengikuti log ini. Minta penyelenggaranya menambahkan baris log dari /.well-known/simpul-keys ke witness.logs.",
		EN: "The witness does not follow this log yet. Ask who runs it to add the log's line of /.well-known/simpul-keys to witness.logs."}
}

func faultText(w Witness) simpul.Text {
	switch w.Reason {
	case BadSignature:
		return simpul.Text{ID: "Tanda tangan saksi tidak cocok dengan kunci yang diatur. Bandingkan witnesses.vkey dengan hasil \"simpul witness key\" di tempat saksi.",
			EN: "The witness's signature does not match the configured key. Compare witnesses.vkey with what \"simpul witness key\" prints at the witness."}
	case ClockBehind:
		return simpul.Text{ID: "Waktu dalam tanda tangan saksi lebih tua dari lima menit: jamnya terlambat, atau ia mengulang jawaban lama. Minta penyelenggaranya memeriksa jam.",
			EN: "The time in the witness's signature is older than five minutes: its clock is late, or it repeats an old answer. Ask who runs it to check the clock."}
	case ClockAhead:
		return simpul.Text{ID: "Waktu dalam tanda tangan saksi ada di masa depan. Minta penyelenggaranya memeriksa jam, dan periksa jam hub.",
			EN: "The time in the witness's signature is in the future. Ask who runs it to check the clock, and check the hub's."}
	case BadProof:
		return simpul.Text{ID: "Saksi menolak bukti yang benar. Perangkat lunaknya mungkin keliru; hubungi penyelenggaranya.",
			EN: "The witness refuses a proof that is right. Its software may be wrong; talk to who runs it."}
	}
	return simpul.Text{ID: "Alamat ini menjawab, tetapi bukan seperti saksi. Periksa witnesses.url.", EN: "This address answers, but not as a witness does. Check witnesses.url."}
}

// disputeText says what a witness has seen, what that can mean, and what to do.
func disputeText(name string, s Standing) simpul.Text {
	seen, advice := claimText(name, s), adviceText()
	return simpul.Text{ID: seen.ID + " " + advice.ID, EN: seen.EN + " " + advice.EN}
}

// claimText says what a witness has seen, and how far that is proven.
func claimText(name string, s Standing) simpul.Text {
	seen := simpul.Text{
		ID: fmt.Sprintf("%s pernah melihat log %s dengan %d entri, lebih banyak daripada yang dimiliki hub sekarang.", name, s.Origin, s.Claimed),
		EN: fmt.Sprintf("%s has seen log %s with %d entries, more than the hub has now.", name, s.Origin, s.Claimed)}
	if s.State == Fork {
		seen = simpul.Text{
			ID: fmt.Sprintf("%s pernah melihat log %s dengan %d entri yang isinya lain dari log hub sekarang.", name, s.Origin, s.Claimed),
			EN: fmt.Sprintf("%s has seen log %s with %d entries that differ from the log that the hub has now.", name, s.Origin, s.Claimed)}
	}
	if s.Reason == OwnEvidence {
		return simpul.Text{ID: seen.ID + " Ini terbukti: hub menyimpan tanda tangannya.", EN: seen.EN + " This is proven: the hub holds its signature."}
	}
	return simpul.Text{ID: seen.ID + " Itu yang dikatakan saksi; tanda tangannya ada padanya.", EN: seen.EN + " So the witness says; it has the signature."}
}

// adviceText says what a dispute can mean, and what to do.
func adviceText() simpul.Text {
	return simpul.Text{
		ID: "Ini terjadi bila hub dipulihkan dari cadangan yang lebih lama, atau bila log ditulis ulang. Jangan hapus apa pun: simpan folder data, cari cadangan terbaru, dan ikuti panduan \"Menjadi saksi\", bagian \"Bila saksi berselisih\".",
		EN: "This happens when the hub was restored from an older backup, or when the log was rewritten. Delete nothing: keep the data folder, look for the newest backup, and follow the guide \"Menjadi saksi\", section \"Bila saksi berselisih\"."}
}
