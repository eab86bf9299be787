package evidence

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
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
	r := NewRecorder(j)
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
	r := NewRecorder(j)
	x := delivery(0)
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
	r := NewRecorder(j)
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
