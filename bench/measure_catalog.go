//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const catalogFigure = "catalog_search_p95"

// A catalogue of a nation: so many LIDs, of so many agencies.
const (
	nationLIDs      = 10_000
	nationAgencies  = 100
	nationContracts = 300 // distinct ones
	perRound        = 200 // requests of one kind in a round
)

// measureCatalog measures a hub with 10,000 LIDs: how soon it is ready, whether
// changes disturb calls, and how long a reader waits for a page of the catalogue:
// one reader, one request after the other, whole pages as a
// browser gets them. A search also takes what a reader types: whole words, half
// words, abbreviations, misspellings and tasks.
func measureCatalog(ctx context.Context, l *lab) error {
	g, err := l.addGateway(ctx)
	if err != nil {
		l.report.lose(catalogFigure, err)
		return nil
	}
	l.report.progress("catalogue: publishing %d LIDs", nationLIDs)
	if err := g.control.publishNation(ctx); err != nil {
		return err
	}
	if g, err = l.startNation(ctx, g); err != nil {
		return err
	}
	if err := l.changeNation(ctx, g); err != nil {
		return err
	}
	if err := l.searchNation(ctx, g); err != nil {
		return err
	}
	return l.measureGrants(ctx, g)
}

// searchNation loads pages of the catalogue, searched and listed.
func (l *lab) searchNation(ctx context.Context, g *gateway) error {
	if !l.report.wants(catalogFigure) {
		return nil
	}
	var searches, lists []float64
	for round := range l.Rounds {
		l.report.progress("catalogue: round %d of %d", round+1, l.Rounds)
		p95, err := g.control.pageP95(ctx, func(i int) string { return "/catalog?q=" + url.QueryEscape(questions()[i%len(questions())]) })
		if err != nil {
			return err
		}
		list, err := g.control.pageP95(ctx, func(i int) string { return "/catalog?page=" + strconv.Itoa(i%50+1) })
		if err != nil {
			return err
		}
		searches, lists = append(searches, p95), append(lists, list)
	}
	l.report.add(figure{Name: catalogFigure, Unit: "ms", Value: median(searches), Rounds: searches})
	l.report.aside(figure{Name: "p95 of the list without a search", Unit: "ms", Value: median(lists), Rounds: lists})
	return nil
}

// again stops the hub and starts it on the same data, and says how long it took
// until it was ready.
func (l *lab) again(ctx context.Context, g *gateway) (*gateway, time.Duration, error) {
	g.process.stop()
	begin := time.Now()
	fresh, err := startGateway(ctx, l.Simpul, l.dir)
	if err != nil {
		return nil, 0, err
	}
	l.running = append(l.running, fresh.process)
	return fresh, time.Since(begin), nil
}

func questions() []string {
	return []string{
		"sekolah", "sekolah di kabupaten 17", "nik", "bpjs", "puksesmas", "kependudkan", "kartu kel", "apbd kota 3", "berapa jumlah penduduk tiap kecamatan",
		"harga pangan", "izin", "pajak kendaraan", "npwp", "tidak ada yang begini", "dana desa", "rumah sakit", "imuni", "jadwal kapal", "gempa", "stnk",
	}
}

// publishNation makes agencies and LIDs whose words differ as those of a nation
// do: fifty subjects, in two hundred places.
func (c control) publishNation(ctx context.Context) error {
	for i := range nationAgencies {
		agency := newResource("Agency", nationAgency(i), map[string]any{"name": "Pemerintah Kabupaten " + strconv.Itoa(i), "level": "nasional"})
		if _, err := c.send(ctx, http.MethodPut, agency.path(), agency); err != nil {
			return err
		}
	}
	return c.putAll(ctx, nationLIDs, nationLID)
}

// putAll writes so many resources, several at a time.
func (c control) putAll(ctx context.Context, n int, make func(int) resource) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && failed.Load() == nil; i = next.Add(1) - 1 {
				r := make(int(i))
				if _, err := c.send(ctx, http.MethodPut, r.path(), r); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	writers.Wait()
	if err := failed.Load(); err != nil {
		return fmt.Errorf("write: %w", *err)
	}
	return nil
}

func nationAgency(i int) string { return "kab" + strconv.Itoa(i) + ".bench.go.id" }

func nationLID(i int) resource {
	subject, place := subjects()[i%len(subjects())], "Kabupaten "+strconv.Itoa(i/len(subjects()))
	r := benchLID(nationAddress(i), "http://127.0.0.1:9", nationContract(i%nationContracts))
	r.Spec["delivery"] = map[string]any{"checks": map[string]any{"request": "enforce", "response": "observe"}}
	r.Spec["agency"], r.Spec["title"] = nationAgency(i%nationAgencies), subject+" "+place
	r.Spec["description"] = "Data " + subject + " di " + place + " menurut tahun, jenis kelamin, dan kecamatan, untuk layanan publik dan perencanaan."
	r.Spec["keywords"] = []string{subject, "tahun " + strconv.Itoa(2000+i%27)}
	return r
}

// nationContract is one of the nation's contracts, which differ in a field.
func nationContract(i int) map[string]any {
	fields := regionFields()
	fields["kolom_"+strconv.Itoa(i)] = map[string]any{"type": "string", "maxLength": 100 + i}
	return listContract(fields)
}

func subjects() []string {
	return []string{
		"Penduduk", "Pemeriksaan NIK", "Kartu keluarga", "Akta kelahiran", "Akta kematian", "Perpindahan penduduk", "Kependudukan agregat", "Status NPWP", "Pajak kendaraan", "Pajak bumi dan bangunan",
		"APBD", "Dana desa", "Peserta BPJS", "Rujukan pasien", "Rumah sakit", "Puskesmas", "Tempat tidur", "Imunisasi", "Stunting", "Tenaga kesehatan",
		"Sekolah", "Siswa", "Guru", "Ijazah", "Perguruan tinggi", "Madrasah", "Penerima bansos", "Disabilitas", "Lowongan kerja", "Upah minimum",
		"Nomor induk berusaha", "Badan hukum", "UMKM", "Sertifikat halal", "Bidang tanah", "Tata ruang", "Pupuk bersubsidi", "Harga pangan", "Luas panen", "Inflasi",
		"Prakiraan cuaca", "Gempa bumi", "Kualitas udara", "Bencana", "STNK kendaraan", "Jadwal kapal", "Perkara", "Peraturan daerah", "Pegawai", "Pengadaan",
	}
}

// pageP95 loads pages one after the other and returns the 95th percentile in
// milliseconds, to the last byte.
func (c control) pageP95(ctx context.Context, path func(int) string) (float64, error) {
	var all []float64
	for i := range perRound {
		begin := time.Now()
		if _, err := get(ctx, c.base+path(i), http.Header{"Accept": {"text/html"}}); err != nil {
			return 0, err
		}
		all = append(all, milliseconds(time.Since(begin)))
	}
	slices.Sort(all)
	return percentile(all, 95), nil
}
