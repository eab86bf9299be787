package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

// The gallery shows every component with believable content. Tests look at it
// in a browser; so can you: SIMPUL_SCREENSHOTS=/tmp/shots go test -run Browser.
func newGallery(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", web.Assets())
	for path, page := range map[string]func(context.Context) templ.Component{
		"GET /{$}":      galleryHome,
		"GET /komponen": galleryParts,
		"GET /katalog":  galleryResults,
		"GET /masuk":    galleryForm,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			web.Render(w, r, http.StatusOK, page(r.Context()))
		})
	}
	mux.HandleFunc("GET /potongan", func(w http.ResponseWriter, r *http.Request) {
		web.Render(w, r, http.StatusOK, web.Code{ID: "potongan", Title: "JSON", Text: `{"live": true}`})
	})
	mux.HandleFunc("GET /salah", func(w http.ResponseWriter, r *http.Request) { web.Fail(w, r, refusal()) })
	server := httptest.NewServer(web.Localize(gallerySite().Frame(web.Secure(mux))))
	t.Cleanup(server.Close)
	return server
}

func gallerySite() web.Site {
	return web.Site{
		Banner: simpul.Text{ID: "Lingkungan peragaan. Semua instansi, warga dan data di sini sintetis.", EN: "Demonstration. All agencies, citizens and data here are synthetic."},
		About:  simpul.Text{ID: "Satu penghubung untuk layanan dan data pemerintah: setiap pertukaran punya dasar hukum, izin, dan bukti.", EN: "One hub for government services and data: every exchange has a legal basis, a grant and evidence."},
		Nav: []web.NavItem{
			{Label: simpul.Text{ID: "Beranda", EN: "Home"}, Href: "/"},
			{Label: simpul.Text{ID: "Katalog", EN: "Catalogue"}, Href: "/katalog"},
			{Label: simpul.Text{ID: "Pertukaran", EN: "Exchanges"}, Href: "/komponen"},
			{Label: simpul.Text{ID: "Panduan", EN: "Guide"}, Href: "/salah"},
		},
		Footer: []web.NavItem{
			{Label: simpul.Text{ID: "Tentang Simpul", EN: "About Simpul"}, Href: "/tentang"},
			{Label: simpul.Text{ID: "Aksesibilitas", EN: "Accessibility"}, Href: "/aksesibilitas"},
			{Label: simpul.Text{ID: "Kode sumber", EN: "Source code"}, Href: "/sumber"},
			{Label: simpul.Text{ID: "Privasi", EN: "Privacy"}, Href: "/privasi"},
		},
		Attribution: web.Text("Kode wilayah: idn-area-data, Open Database License 1.0."),
		SignIn:      "/masuk",
	}
}

func refusal() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Aplikasi layanan@bandungkota.go.id belum punya izin untuk LID dukcapil/Penduduk.", EN: "The application layanan@bandungkota.go.id has no grant for the LID dukcapil/Penduduk yet."},
		Remedy:  simpul.Text{ID: "Ajukan izin dari halaman LID itu: sebutkan tujuan, dasar hukum, dan kolom yang diperlukan.", EN: "Request a grant on the page of that LID: state the purpose, the legal basis and the fields you need."},
		Owner:   "dukcapil.kemendagri.go.id",
	}
}

func galleryHome(ctx context.Context) templ.Component {
	t := func(id, en string) string { return web.T(ctx, id, en) }
	return with(web.Layout(web.Page{Title: t("Beranda", "Home"), Description: t("Penghubung layanan pemerintah.", "The government service hub.")}),
		with(web.Hero(t("Data pemerintah, bertemu di satu simpul.", "Government data meets in one knot."),
			t("Temukan layanan data, minta izin sekali, dan panggil dengan aman. Setiap pertukaran tercatat dan dapat dibuktikan.", "Find a data service, ask for access once, and call it safely. Every exchange is recorded and can be proven.")),
			web.Search{Action: "/katalog", Label: t("Cari layanan data", "Search data services"), Hint: t("Misalnya kode wilayah, status kepesertaan, atau master/Kota", "Such as region codes, membership status, or master/Kota")}),
		with(web.Section(t("Hari ini di hub", "Today on the hub"), t("Angka langsung dari catatan pertukaran.", "Straight from the exchange records."), web.Link{Label: t("Semua angka", "All figures"), Href: "/komponen"}),
			boxed("grid grid--small",
				web.Stat{Label: t("Pertukaran", "Exchanges"), Value: web.Number(ctx, 1284310), Note: t("24 jam terakhir", "last 24 hours"), Recent: []float64{4, 6, 5, 9, 14, 19, 18, 22, 21, 17, 12, 8}},
				web.Stat{Label: t("Layanan terbit", "Published services"), Value: web.Number(ctx, 548), Note: t("dari 38 provinsi", "from 38 provinces")},
				web.Stat{Label: t("Terjawab", "Answered"), Value: web.Percent(ctx, 0.9987, 2), Note: t("tanpa kesalahan hub", "without a fault of the hub")},
				web.Stat{Label: t("Tambahan waktu, p99", "Added time, p99"), Value: web.Decimal(ctx, 3.4, 1), Unit: "ms", Recent: []float64{3, 3.2, 3.1, 3.4, 3.3, 3.5, 3.2, 3.4}})),
		with(web.Section(t("Banyak dipakai", "Much used"), "", web.Link{Label: t("Buka katalog", "Open the catalogue"), Href: "/katalog"}),
			boxed("grid", galleryCards(ctx, 3)...)),
		with(web.Section(t("Cara kerjanya", "How it works"), t("Tiga langkah dari kebutuhan sampai data diterima.", "Three steps from the need to the data."), web.Link{}),
			gallerySteps(ctx)))
}

func galleryCards(ctx context.Context, level int) []templ.Component {
	t := func(id, en string) string { return web.T(ctx, id, en) }
	return []templ.Component{
		web.Card{Level: level, Title: t("Kode dan nama kota", "Codes and names of cities"), Href: "/lid/master/Kota", Text: t("514 kabupaten dan kota dengan kode yang berlaku pada tanggal tertentu.", "514 regencies and cities with the codes in force on a given date."),
			Meta: []templ.Component{web.ClassBadge{Class: simpul.Terbuka}}, Foot: []templ.Component{web.Mono("master/Kota"), web.Text("Kementerian Dalam Negeri")}},
		web.Card{Level: level, Title: t("Status kepesertaan jaminan kesehatan", "Health insurance membership status"), Href: "/lid/bpjs/Kepesertaan", Text: t("Apakah seseorang terdaftar dan aktif, untuk layanan yang memerlukannya.", "Whether somebody is enrolled and active, for services that need to know."),
			Meta: []templ.Component{web.ClassBadge{Class: simpul.Terbatas}}, Foot: []templ.Component{web.Mono("bpjs/Kepesertaan"), web.Text("BPJS Kesehatan")}},
		web.Card{Level: level, Title: t("Padanan data kependudukan", "Population data match"), Href: "/lid/dukcapil/Penduduk", Text: t("Mencocokkan NIK dengan nama dan tanggal lahir tanpa menyerahkan datanya.", "Matches a NIK with name and date of birth without handing the data over."),
			Meta: []templ.Component{web.ClassBadge{Class: simpul.Tertutup}}, Foot: []templ.Component{web.Mono("dukcapil/Penduduk"), web.Text("Ditjen Dukcapil")}},
	}
}

func gallerySteps(ctx context.Context) web.Steps {
	t := func(id, en string) string { return web.T(ctx, id, en) }
	return web.Steps{
		{Title: t("Temukan", "Find"), Text: t("Cari di katalog; lihat isi, kelas keterbukaan, dan siapa yang bertanggung jawab.", "Search the catalogue; see the content, the class of openness and who answers for it.")},
		{Title: t("Ajukan izin", "Request a grant"), Text: t("Sebutkan tujuan dan dasar hukum. LID terbuka langsung dapat dipakai.", "State the purpose and the legal basis. Open LIDs can be used at once.")},
		{Title: t("Panggil", "Call"), Text: t("Satu kunci untuk semua izin Anda.", "One key for all your grants."), Body: web.Code{ID: "contoh", Title: "Terminal", Text: "curl -H 'X-API-Key: spk_…' https://hub.example.go.id/master/Kota?limit=2"}},
	}
}

func galleryResults(ctx context.Context) templ.Component {
	t := func(id, en string) string { return web.T(ctx, id, en) }
	filters := form("filters", "/katalog",
		web.Filter{Legend: t("Kelas keterbukaan", "Class of openness"), Name: "class", Options: []web.Option{
			{Value: "terbuka", Label: t("Terbuka", "Open"), Count: web.Number(ctx, 312), Selected: true},
			{Value: "terbatas", Label: t("Terbatas", "Restricted"), Count: web.Number(ctx, 201)},
			{Value: "tertutup", Label: t("Tertutup", "Closed"), Count: web.Number(ctx, 35)}}},
		web.Filter{Legend: t("Urutkan", "Sort by"), Name: "sort", Single: true, Options: []web.Option{
			{Value: "use", Label: t("Paling banyak dipakai", "Most used"), Selected: true}, {Value: "new", Label: t("Terbaru", "Newest")}}},
		web.Button{Label: t("Terapkan", "Apply"), Weight: web.Secondary, Small: true})
	return with(web.Layout(web.Page{Title: t("Katalog", "Catalogue"), Trail: []web.Link{{Label: t("Beranda", "Home"), Href: "/"}}}),
		web.Heading("", t("Katalog layanan data", "Catalogue of data services"), t("548 layanan dari 96 instansi. Yang terbuka dapat langsung dipakai.", "548 services of 96 agencies. Open ones can be used at once.")),
		web.Search{Action: "/katalog", Label: t("Cari", "Search"), Value: "kota"},
		boxed("split", filters, boxed("stack stack--wide",
			boxed("results", galleryCards(ctx, 2)...),
			web.Pagination{Count: t("Menampilkan 3 dari 548 LID", "Showing 3 of 548 LIDs"), First: "?", Next: "?cursor=abc"})))
}

func galleryForm(ctx context.Context) templ.Component {
	t := func(id, en string) string { return web.T(ctx, id, en) }
	return with(web.Layout(web.Page{Title: t("Masuk", "Sign in")}),
		web.Heading("", t("Masuk", "Sign in"), t("Untuk petugas instansi penyedia dan pemanfaat.", "For staff of provider and consumer agencies.")),
		with(web.Notice(web.Bad, t("Token tidak dikenali", "The token is not valid")), web.Text(t("Periksa apakah seluruh token tersalin, termasuk awalan spt_.", "Check that you copied the whole token, with its prefix spt_."))),
		form("stack stack--wide", "/masuk",
			web.Field{Label: "Token", Name: "token", Type: "password", Hint: t("Diawali spt_, diberikan oleh admin instansi Anda.", "Starts with spt_; your agency's administrator gives it to you."), Error: t("Isi token Anda.", "Enter your token."), Autocomplete: "current-password", Required: true, Mono: true},
			web.Select{Label: t("Instansi", "Agency"), Name: "agency", Options: []web.Option{{Value: "a", Label: "Kementerian Dalam Negeri"}, {Value: "b", Label: "Kota Bandung", Selected: true}}},
			web.TextArea{Label: t("Tujuan", "Purpose"), Name: "purpose", Hint: t("Satu kalimat yang akan dibaca warga.", "One sentence that citizens will read.")},
			boxed("cluster", web.Button{Label: t("Masuk", "Sign in")}, web.Button{Label: t("Batal", "Cancel"), Href: "/", Weight: web.Quiet})))
}

func galleryParts(ctx context.Context) templ.Component {
	t := func(id, en string) string { return web.T(ctx, id, en) }
	at := time.Date(2026, 11, 23, 9, 10, 7, 0, time.UTC)
	exchange := func(lid, app string, status int, outcome simpul.Code, bytes int64, took time.Duration) []templ.Component {
		return []templ.Component{web.Link{Label: lid, Href: "/x"}, web.Mono(app), web.OutcomeBadge{Status: status, Outcome: outcome}, web.Time{At: at}, web.Text(web.Bytes(ctx, bytes)), web.Text(web.Duration(ctx, took))}
	}
	return with(web.Layout(web.Page{Title: t("Pertukaran", "Exchanges"), Live: true, Trail: []web.Link{{Label: t("Beranda", "Home"), Href: "/"}, {Label: t("Katalog", "Catalogue"), Href: "/katalog"}}}),
		with(web.Heading("master/Kota", t("Kode dan nama kota", "Codes and names of cities"), t("514 kabupaten dan kota dengan kode yang berlaku pada tanggal tertentu.", "514 regencies and cities with the codes in force on a given date.")),
			web.ClassBadge{Class: simpul.Terbuka}, web.Badge{Label: t("Terbit", "Published"), Tone: web.Info}, web.Badge{Label: t("Versi 2", "Version 2")}),
		boxed("cluster", web.Button{Label: t("Ajukan izin", "Request a grant")}, web.Button{Label: t("Unduh kontrak", "Download contract"), Href: "/c", Weight: web.Secondary}, web.Button{Label: t("Cabut kunci", "Revoke the key"), Weight: web.Danger}, web.Button{Label: t("Segarkan", "Refresh"), Weight: web.Quiet, Attrs: templ.Attributes{"id": "segarkan", "hx-get": "/potongan", "hx-target": "#segarkan", "hx-swap": "afterend"}}),
		with(web.Section(t("Ringkasan", "Summary"), "", web.Link{}),
			web.Summary{Rows: []web.Fact{
				{Term: t("Alamat", "Address"), Value: web.Mono("https://hub.example.go.id/master/Kota")},
				{Term: t("Penyedia", "Provider"), Value: web.Text("Kementerian Dalam Negeri"), Action: web.Link{Label: t("Ubah", "Change"), Href: "/u"}},
				{Term: t("Operasi", "Operations"), Value: boxed("stack stack--close", web.Endpoint{Method: "GET", Path: "/"}, web.Endpoint{Method: "GET", Path: "/{kode}"})},
				{Term: t("Terbit sejak", "Published since"), Value: web.Time{At: at}},
				{Term: t("Kontak", "Contact")}}}),
		with(web.Section(t("Pertukaran terbaru", "Recent exchanges"), t("Tanpa isi data: hanya siapa, apa, kapan, dan hasilnya.", "Without the data: only who, what, when and the outcome."), web.Link{Label: t("Semua pertukaran", "All exchanges"), Href: "/semua"}),
			web.Table{Caption: t("Pertukaran terbaru", "Recent exchanges"), Hidden: true,
				Columns: []web.Column{{Label: "LID"}, {Label: t("Aplikasi", "Application")}, {Label: t("Hasil", "Outcome")}, {Label: t("Waktu", "Time")}, {Label: t("Ukuran", "Size"), Numeric: true}, {Label: t("Lama", "Took"), Numeric: true}},
				Rows: [][]templ.Component{
					exchange("master/Kota", "layanan@bandungkota.go.id", 200, "", 18_432, 12*time.Millisecond),
					exchange("bpjs/Kepesertaan", "bansos@kemensos.go.id", 403, simpul.CodeDenied, 412, 1100*time.Microsecond),
					exchange("dukcapil/Penduduk", "pajak@pajak.go.id", 504, simpul.CodeTimeout, 388, 30*time.Second),
					exchange("bps/Indikator", "dasbor@jabarprov.go.id", 404, "", 96, 21*time.Millisecond),
					exchange("atr/Bidang", "izin@surabaya.go.id", 429, simpul.CodeLimited, 301, 400*time.Microsecond)}},
			web.Pagination{Count: t("Menampilkan 5 pertukaran", "Showing 5 exchanges"), Next: "?cursor=abc"}),
		with(web.Section(t("Pemakaian", "Use"), "", web.Link{}),
			web.Trend{Title: t("Pertukaran per jam", "Exchanges per hour"), When: t("Jam", "Hour"), Unit: t("Pertukaran", "Exchanges"), Points: galleryHours()},
			web.Bars{Title: t("Pemanfaat terbanyak", "Largest consumers"), What: t("Aplikasi", "Application"), Unit: t("Pertukaran", "Exchanges"), Points: []web.Point{{Label: "layanan@bandungkota.go.id", Value: 48210}, {Label: "bansos@kemensos.go.id", Value: 31022}, {Label: "dasbor@jabarprov.go.id", Value: 8040}, {Label: "izin@surabaya.go.id", Value: 61}}},
			web.Columns{ID: "akhir", Title: t("Panggilan menurut akhirnya", "Calls by how they ended"), Summary: t("Sebagian besar sampai.", "Most were delivered."), When: t("Jam", "Hour"), Moments: []string{"08.00", "09.00", "10.00", "11.00", "12.00"},
				Series: []web.Series{{Label: t("Sampai", "Delivered"), Values: []float64{120, 340, 410, 380, 90}}, {Label: t("Gagal di penyedia", "Failed: provider"), Values: []float64{0, 4, 60, 2, 0}}, {Label: t("Ditolak", "Refused"), Values: []float64{6, 8, 12, 9, 1}}, {Label: t("Gagal di hub", "Failed: hub"), Values: []float64{0, 0, 3, 0, 0}}}},
			web.Lines{ID: "lama", Title: t("Lama panggilan", "Time of calls"), Summary: t("Separuh paling lama 9 ms.", "Half took at most 9 ms."), When: t("Jam", "Hour"), Moments: []string{"08.00", "09.00", "10.00", "11.00", "12.00"},
				Series: []web.Series{{Label: "p99", Values: []float64{80, 95, 160, 90, 70}}, {Label: "p95", Values: []float64{30, 34, 48, 31, 28}}, {Label: "p50", Values: []float64{9, 9, 11, 9, 8}}}},
			web.Shares{ID: "bagian", Title: t("Bagian biaya", "Share of the cost"), What: t("Instansi", "Agency"), Parts: []string{"Kota Bandung", "BPS", t("5 instansi lain", "5 other agencies")},
				Wholes: []web.Whole{{Label: t("Panggilan", "Calls"), Total: "48.210", Values: []float64{60, 30, 10}}, {Label: "Data", Total: "1,2 GB", Values: []float64{20, 70, 10}}}},
			web.Strip{ID: "hari", Title: t("Sepuluh hari terakhir", "The last ten days"), Summary: t("Satu hari terganggu.", "One day failed."), Days: galleryDays(t)}),
		with(web.Section(t("Coba panggil", "Try a call"), "", web.Link{}),
			web.Tabs{Name: "bahasa", Tabs: []web.Tab{
				{Label: "curl", Body: web.Code{ID: "curl", Title: "Terminal", Text: "curl -H 'X-API-Key: spk_…' \\\n  https://hub.example.go.id/master/Kota/32.73"}},
				{Label: t("Jawaban", "Answer"), Body: web.Code{ID: "json", Title: "JSON", Text: "{\n  \"code\": \"32.73\",\n  \"name\": \"KOTA BANDUNG\"\n}"}}}},
			with(web.Disclosure(t("Mengapa ada nomor pertukaran?", "Why is there an exchange number?"), false), web.Text(t("Agar setiap jawaban dapat ditelusuri dan dibuktikan.", "So that every answer can be traced and proven.")))),
		with(web.Section(t("Pemberitahuan", "Notices"), "", web.Link{}),
			with(web.Notice(web.Info, t("Versi 3 terbit 1 Januari", "Version 3 comes on 1 January")), web.Text(t("Versi 2 tetap dapat dipanggil 90 hari sesudahnya.", "Version 2 stays callable for 90 days after that."))),
			with(web.Notice(web.Good, t("Izin berlaku", "The grant is in force")), web.Text(t("Kunci aplikasi Anda sudah dapat memanggil LID ini.", "Your application's key can call this LID now."))),
			with(web.Notice(web.Caution, t("Kunci berakhir 7 hari lagi", "The key expires in 7 days")), web.Text(t("Buat kunci baru sekarang; yang lama tetap berlaku sampai tanggalnya.", "Make a new key now; the old one stays valid until its date."))),
			with(web.Empty(t("Belum ada izin", "No grants yet"), t("Aplikasi ini belum punya izin. Ajukan dari halaman LID yang Anda perlukan.", "This application has no grants yet. Request one on the page of the LID that you need.")), web.Button{Label: t("Buka katalog", "Open the catalogue"), Href: "/katalog", Weight: web.Secondary})))
}

func galleryHours() []web.Point {
	var points []web.Point
	for i, v := range []float64{120, 80, 60, 40, 45, 90, 310, 980, 1840, 2210, 2190, 2040, 1490, 1930, 2120, 1870, 1320, 760, 520, 480, 390, 300, 220, 160} {
		points = append(points, web.Point{Label: time.Date(2026, 11, 23, i, 0, 0, 0, time.UTC).Format("15.04"), Value: v})
	}
	return points
}

// with puts children into a component, as a .templ file does with braces.
func with(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// boxed puts children into a div of a class.
func boxed(class string, children ...templ.Component) templ.Component {
	return wrapped(`<div class="`+class+`">`, `</div>`, children)
}

func form(class, action string, children ...templ.Component) templ.Component {
	return wrapped(`<form class="`+class+`" action="`+action+`">`, `</form>`, children)
}

func wrapped(open, shut string, children []templ.Component) templ.Component {
	return templ.Join(templ.Raw(open), templ.Join(children...), templ.Raw(shut))
}

func galleryDays(t func(id, en string) string) (days []web.StripDay) {
	for i, tone := range []web.Tone{web.Good, web.Good, web.Neutral, web.Good, web.Caution, web.Good, web.Bad, web.Good, web.Good, web.Good} {
		word := map[web.Tone]string{web.Good: "Normal", web.Caution: t("Terganggu sebagian", "Partly impaired"), web.Bad: t("Terganggu", "Failing"), web.Neutral: t("Belum cukup panggilan", "Too few calls")}[tone]
		days = append(days, web.StripDay{Label: strconv.Itoa(i+1) + " Nov", Tone: tone, Word: word})
	}
	return days
}
