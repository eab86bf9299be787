package evidence

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
)

func delivery(i int) *simpul.Exchange {
	at := time.Date(2026, 3, 2, 8, 30, 0, 123456789, time.UTC).Add(time.Duration(i) * time.Millisecond)
	return &simpul.Exchange{
		ID: simpul.NewExchangeID(at), OpenedAt: at,
		Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id", Credential: "k-7f3a"},
		Address:  "kependudukan/Penduduk", Version: "1.2.0", Class: simpul.Tertutup, Provider: "kemendagri.go.id",
		Operation: simpul.Operation{Method: "GET", Path: "/{nik}"},
		Grant:     "penduduk-bandung", Purpose: "Verifikasi penerima bantuan sosial",
		Status:        200,
		RequestDigest: "", ResponseDigest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		ResponseBytes: 512, Latency: 12345678 * time.Nanosecond, Upstream: 11 * time.Millisecond,
	}
}

// BenchmarkAppendDurable64 is the time per record that is on disk, with 64
// exchanges at a time.
func BenchmarkAppendDurable64(b *testing.B) {
	j := openTest(b, b.TempDir(), Options{})
	r := NewRecorder(j, nil, nil)
	x := delivery(0)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := r.Seal(context.Background(), x); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkAppendBuffered is what an exchange of an open LID pays.
func BenchmarkAppendBuffered(b *testing.B) {
	j := openTest(b, b.TempDir(), Options{})
	r := NewRecorder(j, nil, nil)
	x := delivery(0)
	x.Class = simpul.Terbuka
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Seal(b.Context(), x); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppendBufferedPersonal is the same with everything that is sealed.
func BenchmarkAppendBufferedPersonal(b *testing.B) {
	j := openTest(b, b.TempDir(), Options{})
	r := NewRecorder(j, loadedKeys(b, testkit.SQLite(b), march), newTimekeeper(func() (time.Duration, bool) { return time.Millisecond, true }))
	x := personalDelivery()
	x.Class = simpul.Terbuka
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Seal(b.Context(), x); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppendLone is the latency of a durable record without company: one fsync.
func BenchmarkAppendLone(b *testing.B) {
	j := openTest(b, b.TempDir(), Options{})
	r := NewRecorder(j, nil, nil)
	x := delivery(0)
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Seal(b.Context(), x); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	x := delivery(0)
	buf := make([]byte, 0, usualRecord)
	b.ReportAllocs()
	for b.Loop() {
		appendRecord(buf, Sealed, x)
	}
}

func BenchmarkDecode(b *testing.B) {
	payload := appendRecord(nil, Sealed, delivery(0))
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeRecord(payload); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSealPersonal is what sealing the personal part adds to a record.
func BenchmarkSealPersonal(b *testing.B) {
	keys := loadedKeys(b, testkit.SQLite(b), march)
	x := personalDelivery()
	s := &scratch{record: make([]byte, 0, usualRecord)}
	record := appendRecord(nil, Sealed, x)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if s.record, err = keys.appendSealed(append(s.record[:0], record...), x, s); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSealDigestKey is what it adds where nothing else is sealed, as for most
// exchanges of a class that must leave evidence.
func BenchmarkSealDigestKey(b *testing.B) {
	keys := loadedKeys(b, testkit.SQLite(b), march)
	x := committed(answers[0])
	s := &scratch{record: make([]byte, 0, usualRecord)}
	record := appendRecord(nil, Sealed, x)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if s.record, err = keys.appendSealed(append(s.record[:0], record...), x, s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealPersonalParallel(b *testing.B) {
	keys := loadedKeys(b, testkit.SQLite(b), march)
	x := personalDelivery()
	record := appendRecord(nil, Sealed, x)
	b.RunParallel(func(pb *testing.PB) {
		s := &scratch{record: make([]byte, 0, usualRecord)}
		for pb.Next() {
			s.record = append(s.record[:0], record...)
			if _, err := keys.appendSealed(s.record, x, s); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkOpenPersonal(b *testing.B) {
	keys := loadedKeys(b, testkit.SQLite(b), march)
	payload := []byte(payloads(b, keys, personalDelivery())[0])
	b.ReportAllocs()
	for b.Loop() {
		r, err := DecodeRecord(payload)
		if err == nil {
			err = keys.Open(&r)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClockState is what it costs a record to say whether the clock was right.
func BenchmarkClockState(b *testing.B) {
	t := newTimekeeper(func() (time.Duration, bool) { return 3 * time.Millisecond, true })
	record := appendRecord(make([]byte, 0, usualRecord), Sealed, delivery(0))
	b.ReportAllocs()
	for b.Loop() {
		appendClock(record, t.off())
	}
}
