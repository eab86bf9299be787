package catalog

import (
	"context"
	"regexp"

	"simpul"
	"simpul/internal/platform/web"
)

// labels name the inputs, on the page and in the list of what is wrong.
func labels() map[string]simpul.Text {
	return map[string]simpul.Text{
		"agency":         {ID: "Domain instansi penyedia", EN: "Domain of the providing agency"},
		"file":           {ID: "Berkas OpenAPI", EN: "OpenAPI file"},
		"text":           {ID: "Atau tempel isinya", EN: "Or paste its text"},
		"group":          {ID: "Grup", EN: "Group"},
		"name":           {ID: "Nama", EN: "Name"},
		"title":          {ID: "Judul", EN: "Title"},
		"version":        {ID: "Versi", EN: "Version"},
		"description":    {ID: "Keterangan", EN: "Description"},
		"purpose":        {ID: "Tujuan pengumpulan data", EN: "Purpose of the data"},
		"keywords":       {ID: "Kata kunci", EN: "Keywords"},
		"themes":         {ID: "Tema, paling banyak tiga", EN: "Themes, three at most"},
		"class":          {ID: "Kelas keterbukaan", EN: "Class of openness"},
		"legalBasis":     {ID: "Dasar hukum", EN: "Legal basis"},
		"personal":       {ID: "Data pribadi", EN: "Personal data"},
		"categories":     {ID: "Jenis data pribadi", EN: "Kinds of personal data"},
		"licence":        {ID: "Lisensi", EN: "Licence"},
		"attribution":    {ID: "Sumber data", EN: "Source of the data"},
		"upstream":       {ID: "Alamat layanan Anda", EN: "Address of your service"},
		"timeout":        {ID: "Tenggat diam, detik", EN: "Longest silence, seconds"},
		"availability":   {ID: "Ketersediaan, persen", EN: "Availability, percent"},
		"latencyMillis":  {ID: "Waktu jawab, milidetik", EN: "Response time, milliseconds"},
		"supportHours":   {ID: "Jam bantuan", EN: "Support hours"},
		"contacts.unit":  {ID: "Unit", EN: "Unit"},
		"contacts.email": {ID: "Surel fungsi", EN: "Mailbox of the function"},
		"frequency":      {ID: "Kekerapan pembaruan", EN: "Frequency of updates"},
		"regions":        {ID: "Kode wilayah", EN: "Region codes"},
		"from":           {ID: "Sejak", EN: "Since"},
		"until":          {ID: "Sampai", EN: "Until"},
		"sandbox":        {ID: "Alamat uji coba", EN: "Sandbox"},
		"examples.title": {ID: "Judul contoh", EN: "Title of the example"},
		"examples.call":  {ID: "Panggilan", EN: "Call"},
		"standards.name": {ID: "Nama standar", EN: "Name of the standard"},
		"standards.url":  {ID: "Alamat halamannya", EN: "Address of its page"},
		"bind.list":      {ID: "Daftar kode kolom", EN: "List of codes of field"},
		"bind.standard":  {ID: "Standar data kolom", EN: "Data standard of field"},
		"reason":         {ID: "Alasan", EN: "Reason"},

		"origins.url":            {ID: "Alamat lain", EN: "Further address"},
		"health.path":            {ID: "Jalur pemeriksaan", EN: "Path to ask"},
		"health.everySeconds":    {ID: "Ditanya setiap, detik", EN: "Asked every, seconds"},
		"retry.attempts":         {ID: "Panggilan yang gagal diulang", EN: "Failed calls are repeated"},
		"retry.keyed":            {ID: "Kunci idempotensi", EN: "Idempotency keys"},
		"retry.hedgeAfterMillis": {ID: "Tanya alamat kedua setelah, milidetik", EN: "Ask a second address after, milliseconds"},
		"canary.upstream":        {ID: "Alamat versi baru", EN: "Address of the new version"},
		"canary.percent":         {ID: "Bagian aplikasi, persen", EN: "Share of applications, percent"},
		"canary.errorPercent":    {ID: "Dihentikan bila gagal sebanyak, persen", EN: "Stopped when so many fail, percent"},
		"canary.atLeast":         {ID: "Dinilai setelah, panggilan", EN: "Judged after, calls"},
		"maxConcurrent":          {ID: "Panggilan bersamaan paling banyak", EN: "Calls at one time at most"},
		"maxAnswerBytes":         {ID: "Isi jawaban terbesar, bita", EN: "Largest answer, bytes"},
		"checks.request":         {ID: "Permintaan", EN: "Requests"},
		"checks.response":        {ID: "Jawaban", EN: "Answers"},
		"cache.shared":           {ID: "Simpanan bersama", EN: "Shared answers"},
		"cache.seconds":          {ID: "Disimpan selama, detik", EN: "Kept for, seconds"},
		"cache.staleSeconds":     {ID: "Jawaban lama dipakai selama, detik", EN: "Old answers used for, seconds"},
		"dataSubject.parameter":  {ID: "NIK pada parameter", EN: "NIK in the parameter"},
		"dataSubject.request":    {ID: "NIK dalam isi permintaan", EN: "NIK in the request's body"},
		"dataSubject.answer":     {ID: "NIK dalam jawaban", EN: "NIK in the answer"},
		"changes.field":          {ID: "Kolom", EN: "Field"},
		"changes.act":            {ID: "Yang dilakukan", EN: "What is done"},
		"changes.value":          {ID: "Menjadi", EN: "To what"},
		"changes.else":           {ID: "Nilai lain", EN: "Other values"},
		"changes.offset":         {ID: "Tambahan", EN: "Offset"},
		"changes.digits":         {ID: "Angka di belakang koma", EN: "Places after the point"},
	}
}

var rowNumber = regexp.MustCompile(`\.([0-9]+)\.`)

// labelOf names an input; one of a row with the row's number.
func labelOf(ctx context.Context, input string) string {
	number := ""
	if m := rowNumber.FindStringSubmatch(input); m != nil {
		number = " " + m[1]
	}
	label, ok := labels()[rowNumber.ReplaceAllString(input, ".")]
	if !ok {
		return ""
	}
	return web.T(ctx, label.ID, label.EN) + number
}
