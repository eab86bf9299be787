package demo

import (
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"simpul"
)

// regionData names the folder of idn-area-data for tests, as it does for
// --region-data.
const regionData = "SIMPUL_REGION_DATA"

var loadNation = sync.OnceValues(func() (*Regions, error) {
	dir, err := FindRegions(os.Getenv(regionData))
	if err != nil {
		return nil, err
	}
	return LoadRegions(dir)
})

// nation returns the whole division. Without the npm package a test is skipped
// on a laptop, and fails in CI or when the environment names a folder.
func nation(t testing.TB) *Regions {
	t.Helper()
	regions, err := loadNation()
	if simpul.CodeOf(err) == simpul.CodeNotFound && os.Getenv("CI") == "" {
		t.Skipf("needs node_modules/idn-area-data: run `npm ci` in the project folder, or set %s", regionData)
	}
	if err != nil {
		t.Fatal(err)
	}
	return regions
}

// smallTables are a nation that fits on a page, out of order on purpose.
var smallTables = map[string]string{
	"provinces.csv": "code,name\n32,JAWA BARAT\n31,DKI JAKARTA\n",
	"regencies.csv": "code,province_code,name\n32.73,32,KOTA BANDUNG\n31.71,31,KOTA ADMINISTRASI JAKARTA PUSAT\n32.04,32,KABUPATEN BANDUNG\n",
	"districts.csv": "code,regency_code,name\n32.73.01,32.73,Sukasari\n32.73.02,32.73,Coblong\n32.04.05,32.04,Cileunyi\n31.71.01,31.71,Gambir\n",
	"villages.csv": "code,district_code,name\n32.73.01.1001,32.73.01,Sukarasa\n32.73.01.1003,32.73.01,Isola\n32.73.01.1002,32.73.01,Gegerkalong\n" +
		"32.73.02.1004,32.73.02,Dago\n32.04.05.2001,32.04.05,Cileunyi Wetan\n32.04.05.2002,32.04.05,Cileunyi Kulon\n31.71.01.1001,31.71.01,Gambir\n",
}

// writeTables writes the small nation to a package folder, with some tables replaced.
func writeTables(t testing.TB, replaced map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	tables := maps.Clone(smallTables)
	maps.Copy(tables, replaced)
	for name, text := range tables {
		if err := os.WriteFile(filepath.Join(dir, "data", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// smallNation needs no npm package.
func smallNation(t testing.TB) *Regions {
	t.Helper()
	regions, err := LoadRegions(writeTables(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	return regions
}
