package tracker

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"simpul"
)

// called names what the tests use.
type called struct{}

func (called) Agency(_ context.Context, id simpul.AgencyID) string {
	return map[simpul.AgencyID]string{bansos: "Kementerian Sosial", kemendagri: "Kementerian Dalam Negeri", police: "Kepolisian"}[id]
}
func (called) Application(context.Context, simpul.ApplicationID) string { return "Bantuan Sosial" }
func (called) LID(context.Context, simpul.Address) string               { return "Cek NIK" }
func (called) Field(_ context.Context, _ simpul.Address, path string) string {
	return map[string]string{"items.tanggal_lahir": "tanggal lahir"}[path]
}

func TestSentence(t *testing.T) {
	plainly := Access{Application: aid, LID: "kependudukan/CekNIK", Provider: kemendagri, Status: 200, At: noon,
		Purpose: "Memastikan penerima ada.", Basis: "UU 24/2013 pasal 58", Fields: "nama items.tanggal_lahir items.alamat_rumah", Case: "BA-1"}
	for _, test := range []struct {
		name   string
		change func(*Access)
		want   simpul.Text
	}{
		{"delivered", func(*Access) {}, simpul.Text{
			ID: "Kementerian Sosial, lewat aplikasi Bantuan Sosial, melihat data Anda (nama, tanggal lahir dan alamat rumah) dalam layanan Cek NIK pada 25 November 2026 pukul 12.00 WIB, untuk keperluan: Memastikan penerima ada, berdasarkan UU 24/2013 pasal 58, nomor berkas BA-1.",
			EN: "Kementerian Sosial, through its application Bantuan Sosial, saw your data (nama, tanggal lahir and alamat rumah) in the service Cek NIK on 25 November 2026 at 12:00 WIB, for this purpose: Memastikan penerima ada, on the ground of UU 24/2013 pasal 58, case number BA-1."}},
		{"everything", func(a *Access) { a.Fields, a.Case, a.Basis = "", "", "" }, simpul.Text{
			ID: "Kementerian Sosial, lewat aplikasi Bantuan Sosial, melihat semua data tentang Anda dalam layanan Cek NIK pada 25 November 2026 pukul 12.00 WIB, untuk keperluan: Memastikan penerima ada.",
			EN: "Kementerian Sosial, through its application Bantuan Sosial, saw all data about you in the service Cek NIK on 25 November 2026 at 12:00 WIB, for this purpose: Memastikan penerima ada."}},
		{"refused", func(a *Access) {
			a.Outcome, a.Status, a.Case, a.Basis, a.Purpose, a.Fields = simpul.CodeLimited, 429, "", "", "", ""
		}, simpul.Text{
			ID: "Kementerian Sosial, lewat aplikasi Bantuan Sosial, mencoba melihat semua data tentang Anda dalam layanan Cek NIK pada 25 November 2026 pukul 12.00 WIB; hub menolaknya dan tidak ada data yang diberikan.",
			EN: "Kementerian Sosial, through its application Bantuan Sosial, tried to see all data about you in the service Cek NIK on 25 November 2026 at 12:00 WIB; the hub refused and no data were given."}},
		{"not known to the provider", func(a *Access) { a.Status, a.Case, a.Basis, a.Purpose, a.Fields = 404, "", "", "", "" }, simpul.Text{
			ID: "Kementerian Sosial, lewat aplikasi Bantuan Sosial, mencoba melihat semua data tentang Anda dalam layanan Cek NIK pada 25 November 2026 pukul 12.00 WIB; Kementerian Dalam Negeri tidak memberikan data.",
			EN: "Kementerian Sosial, through its application Bantuan Sosial, tried to see all data about you in the service Cek NIK on 25 November 2026 at 12:00 WIB; Kementerian Dalam Negeri gave no data."}},
		{"broken off", func(a *Access) { a.Outcome, a.Case, a.Basis, a.Purpose, a.Fields = simpul.CodeAborted, "", "", "", "" }, simpul.Text{
			ID: "Kementerian Sosial, lewat aplikasi Bantuan Sosial, mencoba melihat semua data tentang Anda dalam layanan Cek NIK pada 25 November 2026 pukul 12.00 WIB, dan jawabannya terputus: sebagian data mungkin sampai.",
			EN: "Kementerian Sosial, through its application Bantuan Sosial, tried to see all data about you in the service Cek NIK on 25 November 2026 at 12:00 WIB, and the answer broke off: a part of the data may have arrived."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := plainly
			test.change(&a)
			if got := Sentence(t.Context(), called{}, a, WhenText(a.At)); got != test.want {
				t.Errorf("\n%s\n%s\nwant\n%s\n%s", got.ID, got.EN, test.want.ID, test.want.EN)
			}
		})
	}
}

func TestWhatAnAgencyWroteStaysASentence(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", 10<<20), "a\nb\x1b[2J\u202e\u0000\xff", strings.Repeat("é", 400)} {
		got := plain(text)
		if utf8.RuneCountInString(got) > longestPlain || strings.ContainsAny(got, "\n\x1b\x00\u202e") || !utf8.ValidString(got) {
			t.Errorf("%.60q became %.60q", text, got)
		}
	}
}
