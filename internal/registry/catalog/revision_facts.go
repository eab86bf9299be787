package catalog

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// Fact is one member of a spec beside its contract that differs between two.
type Fact struct {
	Key           string // "serviceLevel.latencyMillis"
	Term          simpul.Text
	Before, After string // as a person reads it; "" for nothing
}

// factsBetween compares what two specs say beside their contracts.
func factsBetween(before, after Spec) (facts []Fact) {
	old, next := flat(before), flat(after)
	for _, key := range slices.Sorted(maps.Keys(union(old, next))) {
		if old[key] != next[key] {
			facts = append(facts, Fact{key, termOf(key), old[key], next[key]})
		}
	}
	return facts
}

func union(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// flat writes the members of a spec as texts, those of objects in it with their
// names joined by dots. It knows no member by name, so that one that is added to
// the spec is compared as well.
func flat(s Spec) map[string]string {
	s.Contract = nil
	all := map[string]string{}
	text, err := json.Marshal(s)
	if err != nil {
		return all
	}
	var members map[string]any
	json.Unmarshal(text, &members)
	flatten(all, "", members)
	return all
}

func flatten(all map[string]string, prefix string, members map[string]any) {
	for name, value := range members {
		if object, ok := value.(map[string]any); ok {
			flatten(all, prefix+name+".", object)
			continue
		}
		all[prefix+name] = spelled(value)
	}
}

// spelled writes a JSON value for people.
func spelled(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		return spelledAll(v, ", ")
	case map[string]any:
		var parts []any
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, v[name])
		}
		return spelledAll(parts, " · ")
	}
	return ""
}

func spelledAll(values []any, separator string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = spelled(v)
	}
	return strings.Join(texts, separator)
}

// termOf names a member of a spec for people; by its own name if it is not
// known.
func termOf(key string) simpul.Text {
	if term, ok := specTerms()[key]; ok {
		return term
	}
	return simpul.Text{ID: key, EN: key}
}

func specTerms() map[string]simpul.Text {
	return map[string]simpul.Text{
		"agency":                     {ID: "Penyedia", EN: "Provider"},
		"title":                      {ID: "Judul", EN: "Title"},
		"description":                {ID: "Keterangan", EN: "Description"},
		"class":                      {ID: "Kelas", EN: "Class"},
		"version":                    {ID: "Versi", EN: "Version"},
		"state":                      {ID: "Keadaan", EN: "State"},
		"step":                       {ID: "Langkah daur hidup", EN: "Step of the life cycle"},
		"waiver":                     {ID: "Pengecualian uji", EN: "Waiver of the test"},
		"upstream":                   {ID: "Alamat layanan penyedia", EN: "The provider's address"},
		"context":                    {ID: "Alamat lama", EN: "Older address"},
		"statePurpose":               {ID: "Setiap panggilan menyebut keperluannya", EN: "Every call states its purpose"},
		"timeoutSeconds":             {ID: "Batas diam (detik)", EN: "Longest silence (seconds)"},
		"maxBodyBytes":               {ID: "Isi permintaan terbesar (bita)", EN: "Largest request body (bytes)"},
		"keywords":                   {ID: "Kata kunci", EN: "Keywords"},
		"legalBasis":                 {ID: "Dasar hukum", EN: "Legal basis"},
		"contact":                    {ID: "Kontak", EN: "Contact"},
		"attribution":                {ID: "Sumber dan lisensi", EN: "Source and licence"},
		"themes":                     {ID: "Tema", EN: "Themes"},
		"purpose":                    {ID: "Tujuan", EN: "Purpose"},
		"serviceLevel.availability":  {ID: "Ketersediaan (%)", EN: "Availability (%)"},
		"serviceLevel.latencyMillis": {ID: "Waktu jawab (milidetik)", EN: "Latency (milliseconds)"},
		"serviceLevel.supportHours":  {ID: "Jam layanan", EN: "Support hours"},
		"contacts":                   {ID: "Unit kontak", EN: "Contact units"},
		"coverage.regions":           {ID: "Wilayah", EN: "Regions"},
		"coverage.from":              {ID: "Berlaku sejak", EN: "Holds from"},
		"coverage.until":             {ID: "Berlaku sampai", EN: "Holds until"},
		"frequency":                  {ID: "Kekerapan", EN: "Frequency"},
		"licence":                    {ID: "Lisensi", EN: "Licence"},
		"personalData.held":          {ID: "Memuat data pribadi", EN: "Holds personal data"},
		"personalData.categories":    {ID: "Jenis data pribadi", EN: "Kinds of personal data"},
		"standards":                  {ID: "Standar", EN: "Standards"},
		"examples":                   {ID: "Contoh panggilan", EN: "Example calls"},
		"sandbox":                    {ID: "Tempat uji", EN: "Sandbox"},

		"delivery.origins":                {ID: "Alamat layanan lainnya", EN: "Further addresses of the service"},
		"delivery.health.path":            {ID: "Alamat pemeriksaan kesehatan", EN: "Path of the health check"},
		"delivery.health.everySeconds":    {ID: "Jeda pemeriksaan (detik)", EN: "Interval of the check (seconds)"},
		"delivery.retry.attempts":         {ID: "Panggilan diulang paling banyak", EN: "Repeated at most"},
		"delivery.retry.hedgeAfterMillis": {ID: "Tanya alamat kedua setelah (milidetik)", EN: "Second address asked after (milliseconds)"},
		"delivery.canary.upstream":        {ID: "Alamat versi uji (canary)", EN: "Address of the canary"},
		"delivery.canary.percent":         {ID: "Bagian aplikasi bagi canary (%)", EN: "Share of applications for the canary (%)"},
		"delivery.canary.errorPercent":    {ID: "Batas kegagalan canary (%)", EN: "Failures that end the canary (%)"},
		"delivery.canary.atLeast":         {ID: "Canary dinilai setelah (panggilan)", EN: "Canary judged after (calls)"},
		"delivery.maxAnswerBytes":         {ID: "Isi jawaban terbesar (bita)", EN: "Largest answer (bytes)"},
		"delivery.maxConcurrent":          {ID: "Panggilan bersamaan paling banyak", EN: "Calls at one time at most"},
		"delivery.upgrade":                {ID: "Boleh beralih ke WebSocket", EN: "May switch to WebSocket"},
		"delivery.legacyHeader":           {ID: "Kunci pada kepala AuthorizationSPLP", EN: "Key in the header AuthorizationSPLP"},
		"delivery.checks.request":         {ID: "Pemeriksaan permintaan", EN: "Check of calls"},
		"delivery.checks.response":        {ID: "Pemeriksaan jawaban", EN: "Check of answers"},
		"delivery.cache.seconds":          {ID: "Jawaban disimpan (detik)", EN: "Answers kept (seconds)"},
		"delivery.cache.staleSeconds":     {ID: "Dipakai saat layanan gagal (detik)", EN: "Used while the service fails (seconds)"},
		"delivery.cache.shared":           {ID: "Simpanan dipakai bersama", EN: "Kept answers are shared"},
		"delivery.dataSubject.parameter":  {ID: "NIK pada parameter", EN: "NIK in the parameter"},
		"delivery.dataSubject.request":    {ID: "NIK dalam isi permintaan", EN: "NIK in the request's body"},
		"delivery.dataSubject.answer":     {ID: "NIK dalam jawaban", EN: "NIK in the answer"},
		"delivery.changes":                {ID: "Perubahan jawaban oleh hub", EN: "Changes that the hub makes in answers"},
		"delivery.sandbox":                {ID: "Contoh dapat dipanggil tanpa izin", EN: "Examples can be called without a grant"},
	}
}
