package tracker

import (
	"context"
	"strconv"

	"simpul"
	"simpul/internal/platform/web"
)

func agencyOptions(ctx context.Context, names Names, all []simpul.AgencyID, f Filter) []web.Option {
	options := []web.Option{{Label: web.T(ctx, "Semua instansi", "All agencies"), Selected: f.Agency == ""}}
	for _, id := range all {
		options = append(options, web.Option{Value: string(id), Label: names.Agency(ctx, id), Selected: id == f.Agency})
	}
	return options
}

func monthOptions(ctx context.Context, all []Month, f Filter) []web.Option {
	options := []web.Option{{Label: web.T(ctx, "Semua bulan", "All months"), Selected: f.Month == ""}}
	for _, m := range all {
		options = append(options, web.Option{Value: string(m), Label: monthName(ctx, m), Selected: m == f.Month})
	}
	return options
}

func monthName(ctx context.Context, m Month) string {
	at := m.Begin()
	names := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	return web.T(ctx, names[at.Month()-1], at.Month().String()) + " " + strconv.Itoa(at.Year())
}

// outcomeBadge says whether data were given.
func outcomeBadge(ctx context.Context, a Access) web.Badge {
	switch {
	case a.Delivered():
		return web.Badge{Label: web.T(ctx, "Data diberikan", "Data were given"), Tone: web.Info}
	case a.Broken():
		return web.Badge{Label: web.T(ctx, "Jawaban terputus", "Answer broke off"), Tone: web.Caution}
	case refused(a.Outcome):
		return web.Badge{Label: web.T(ctx, "Ditolak hub", "Refused by the hub"), Tone: web.Neutral}
	}
	return web.Badge{Label: web.T(ctx, "Tidak ada data", "No data"), Tone: web.Neutral}
}

func facts(ctx context.Context, v oneView) []web.Fact {
	a := v.Access
	fields := web.T(ctx, "Semua", "All of them")
	if words := FieldWords(ctx, v.Names, a); len(words) > 0 {
		fields = ""
		for i, word := range words {
			if i > 0 {
				fields += ", "
			}
			fields += word
		}
	}
	rows := []web.Fact{
		{Term: web.T(ctx, "Siapa", "Who"), Value: web.Text(v.Names.Agency(ctx, a.Consumer()))},
		{Term: web.T(ctx, "Lewat aplikasi", "Through the application"), Value: web.Text(v.Names.Application(ctx, a.Application))},
		{Term: web.T(ctx, "Layanan data", "Data service"), Value: web.Text(v.Names.LID(ctx, a.LID))},
		{Term: web.T(ctx, "Dari", "From"), Value: web.Text(v.Names.Agency(ctx, a.Provider))},
		{Term: web.T(ctx, "Data yang diminta", "Data that were asked for"), Value: web.Text(fields)},
		{Term: web.T(ctx, "Waktu", "Time"), Value: web.Text(web.Exact(ctx, a.At))},
		{Term: web.T(ctx, "Keperluan", "Purpose"), Value: web.Text(plain(a.Purpose))},
		{Term: web.T(ctx, "Dasar hukum", "Legal basis"), Value: web.Text(plain(a.Basis))},
	}
	if a.Case != "" {
		rows = append(rows, web.Fact{Term: web.T(ctx, "Nomor berkas", "Case number"), Value: web.Text(plain(a.Case))})
	}
	return append(rows, web.Fact{Term: web.T(ctx, "Hasil", "Outcome"), Value: outcomeBadge(ctx, a)})
}

func countOf(ctx context.Context, v listView) string {
	n := len(v.Entries)
	if v.Next != "" || v.Cursor != "" {
		return web.T(ctx, "Menampilkan "+strconv.Itoa(n)+" akses", "Showing "+strconv.Itoa(n)+" accesses")
	}
	if n == 1 {
		return web.T(ctx, "1 akses", "1 access")
	}
	return web.T(ctx, strconv.Itoa(n)+" akses", strconv.Itoa(n)+" accesses")
}

// lookSentence says who opened the tracker at a counter.
func lookSentence(ctx context.Context, names Names, l Look) string {
	who := web.T(ctx, "Petugas nasional", "A national officer")
	if l.Agency != "" {
		who = web.T(ctx, "Petugas ", "An officer of ") + names.Agency(ctx, l.Agency)
	}
	return who + web.T(ctx, " membuka jejak ini di loket pada ", " opened this tracker at the counter on ") + web.Moment(ctx, l.At) + ": " + plain(l.Reason) + "."
}

func days(ctx context.Context, n int) string {
	if n == 1 {
		return web.T(ctx, "1 hari kerja", "1 working day")
	}
	return web.T(ctx, strconv.Itoa(n)+" hari kerja", strconv.Itoa(n)+" working days")
}

// at is what is wrong with an input, with what to do.
func (v homeView) at(ctx context.Context, input string) string {
	return faultOf(ctx, v.Wrong[input])
}

func faultOf(ctx context.Context, e *simpul.Error) string {
	if e == nil {
		return ""
	}
	l := web.Language(ctx)
	return e.Message.In(l) + " " + e.Remedy.In(l)
}
