package mediation

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// wideContract is a contract of 12 operations and 30 schemas.
func wideContract(n int) []byte {
	var paths, schemas []string
	for i := range 12 {
		paths = append(paths, fmt.Sprintf(`"/p%d/{kode}":{"get":{"parameters":[{"name":"kode","in":"path","required":true,"schema":{"type":"string","pattern":"^[0-9]{2}$"}},
			{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":100}}],
			"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/S%d"}}}}}}}}},
			"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S%d"}}}},"responses":{"201":{"description":"ok"}}}}`, i, i, i+12))
	}
	for i := range 30 {
		var members []string
		for j := range 12 {
			members = append(members, fmt.Sprintf(`"m%d":{"type":"string","description":"Keterangan anggota nomor %d dari skema %d kontrak %d","minLength":1,"maxLength":%d}`, j, j, i, n, 10+j))
		}
		schemas = append(schemas, fmt.Sprintf(`"S%d":{"type":"object","required":["m0","m1"],"properties":{%s,"lain":{"$ref":"#/components/schemas/S%d"}}}`, i, strings.Join(members, ","), (i+1)%30))
	}
	return []byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{` + strings.Join(paths, ",") + `},"components":{"schemas":{` + strings.Join(schemas, ",") + `}}}`)
}

// held is what stays in memory with the plans, in MB.
func held(b *testing.B, plans []*Plan) float64 {
	b.Helper()
	var with, without runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&with)
	runtime.KeepAlive(plans)
	clear(plans)
	runtime.GC()
	runtime.ReadMemStats(&without)
	return float64(int64(with.HeapAlloc)-int64(without.HeapAlloc)) / 1e6
}

// worked is how long the processors worked for this process, which does not
// depend on what else the machine does.
func worked(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
