package portal

import (
	"context"

	"simpul"
	"simpul/internal/platform/web"
)

// ending explains an outcome: what it is called, what happened, and whose turn
// it is.
type ending struct {
	code    simpul.Code
	name    simpul.Text
	meaning simpul.Text
	who     simpul.Text // can mend it; nobody needs to where it is empty
}

var (
	byCaller   = simpul.Text{ID: "pemanfaat", EN: "the consumer"}
	byProvider = simpul.Text{ID: "penyedia", EN: "the provider"}
	byHub      = simpul.Text{ID: "operator hub", EN: "the hub's operator"}
)

// endings lists how an exchange can end, from the common to the rare.
func endings() []ending {
	return []ending{
		{"", simpul.Text{ID: "Berhasil", EN: "Delivered"},
			simpul.Text{ID: "Penyedia menjawab dan jawabannya sampai di pemanfaat.", EN: "The provider answered and the answer reached the consumer."}, simpul.Text{}},
		{simpul.CodeDenied, simpul.Text{ID: "Ditolak", EN: "Refused"},
			simpul.Text{ID: "Aplikasi ini tidak punya izin yang berlaku untuk LID itu, atau izinnya sedang dibekukan.", EN: "The application has no grant in force for the LID, or the grant is suspended."}, byCaller},
		{simpul.CodeUnauthenticated, simpul.Text{ID: "Tidak dikenali", EN: "Not identified"},
			simpul.Text{ID: "Kunci API tidak ada, salah, atau sudah dicabut.", EN: "The API key is absent, wrong or revoked."}, byCaller},
		{simpul.CodeLimited, simpul.Text{ID: "Melebihi batas", EN: "Over the limit"},
			simpul.Text{ID: "Panggilan lebih banyak daripada batas per menit pada izinnya.", EN: "More calls than the grant allows in a minute."}, byCaller},
		{simpul.CodeInvalid, simpul.Text{ID: "Permintaan keliru", EN: "Malformed request"},
			simpul.Text{ID: "Alamat, kepala, atau isi permintaan tidak sah.", EN: "The address, a header or the body of the request is not valid."}, byCaller},
		{simpul.CodeNotFound, simpul.Text{ID: "Alamat tidak ada", EN: "No such address"},
			simpul.Text{ID: "Tidak ada LID atau operasi di alamat yang dipanggil.", EN: "There is no LID or operation at the address that was called."}, byCaller},
		{simpul.CodeMethodNotAllowed, simpul.Text{ID: "Metode tidak ada", EN: "No such method"},
			simpul.Text{ID: "Alamatnya ada, tetapi kontrak tidak memuat metode itu.", EN: "The address exists, but the contract has no such method."}, byCaller},
		{simpul.CodeGone, simpul.Text{ID: "Sudah berakhir", EN: "Ended"},
			simpul.Text{ID: "LID itu sudah pensiun, atau versi yang dipakai izin ini sudah berakhir.", EN: "The LID is retired, or the version that the grant builds on has ended."}, byCaller},
		{simpul.CodeTooLarge, simpul.Text{ID: "Kiriman terlalu besar", EN: "Too large"},
			simpul.Text{ID: "Isi permintaan melebihi batas LID.", EN: "The request body exceeds the LID's limit."}, byCaller},
		{simpul.CodeConflict, simpul.Text{ID: "Bertentangan", EN: "Conflict"},
			simpul.Text{ID: "Permintaan bertentangan dengan keadaan data sekarang.", EN: "The request contradicts the present state of the data."}, byCaller},
		{simpul.CodeAborted, simpul.Text{ID: "Diputus pemanfaat", EN: "Caller hung up"},
			simpul.Text{ID: "Pemanfaat memutus sambungan sebelum jawabannya selesai.", EN: "The consumer closed the connection before the answer was complete."}, byCaller},
		{simpul.CodeTimeout, simpul.Text{ID: "Penyedia terlalu lama", EN: "Provider too slow"},
			simpul.Text{ID: "Penyedia tidak menjawab dalam waktu yang ditetapkan LID.", EN: "The provider did not answer within the LID's time."}, byProvider},
		{simpul.CodeUpstream, simpul.Text{ID: "Penyedia bermasalah", EN: "Provider failed"},
			simpul.Text{ID: "Penyedia menjawab dengan bentuk yang tidak dapat dibaca, atau jawabannya terputus.", EN: "The provider gave an answer that cannot be read, or that broke off."}, byProvider},
		{simpul.CodeUnavailable, simpul.Text{ID: "Sedang tidak tersedia", EN: "Not available"},
			simpul.Text{ID: "Penyedia tidak dapat dihubungi, atau hub sedang tidak dapat mencatat.", EN: "The provider cannot be reached, or the hub cannot keep a record at the moment."}, simpul.Text{ID: "penyedia atau operator hub", EN: "the provider or the hub's operator"}},
		{simpul.CodeInternal, simpul.Text{ID: "Hub bermasalah", EN: "Hub failed"},
			simpul.Text{ID: "Terjadi kesalahan di dalam hub. Operator dapat menelusurinya dengan nomor pertukaran.", EN: "A fault inside the hub. The operator can trace it by the exchange number."}, byHub},
	}
}

func endingOf(code simpul.Code) ending {
	all := endings()
	for _, e := range all {
		if e.code == code {
			return e
		}
	}
	return ending{code: code, name: simpul.Text{ID: string(code)}}
}

// levelName is the name of a level of government.
func levelName(ctx context.Context, level string) string {
	switch level {
	case "nasional":
		return web.T(ctx, "Nasional", "National")
	case "provinsi":
		return web.T(ctx, "Provinsi", "Province")
	case "kabupaten":
		return web.T(ctx, "Kabupaten", "Regency")
	case "kota":
		return web.T(ctx, "Kota", "City")
	}
	return level
}

func levels() []string { return []string{"nasional", "provinsi", "kabupaten", "kota"} }

// behindNote says that figures and lists lack what was recorded last.
func behindNote(ctx context.Context, records uint64) string {
	return web.Number(ctx, int64(records)) + web.T(ctx, " catatan terbaru belum masuk; muat ulang sebentar lagi", " newest records are not in yet; reload in a moment")
}
