package demo

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simpul"
)

// Attribution names the source and the licence of the region data in the words
// that section 4.3 of the ODbL asks for. Every LID and page that shows the data
// shows this.
const Attribution = "Memuat informasi dari idn-area-data (https://github.com/fityannugroho/idn-area-data), " +
	"© para kontributornya, yang tersedia dengan Open Database License (ODbL) v1.0 " +
	"(https://opendatacommons.org/licenses/odbl/1-0/)."

// regionPackage is where npm puts the region data, below the project folder.
var regionPackage = filepath.Join("node_modules", "idn-area-data")

// Regions is the administrative division of Indonesia. It is immutable and may
// be read by many at once.
type Regions struct {
	levels [tiers]*Level
}

// Level returns the regions of one tier.
func (r *Regions) Level(t Tier) *Level { return r.levels[t] }

// Find returns the region with a code of any tier.
func (r *Regions) Find(code string) (Region, bool) {
	for _, level := range r.levels {
		if i, ok := level.Index(code); ok {
			return level.At(i), true
		}
	}
	return Region{}, false
}

// FindRegions returns the folder of the npm package idn-area-data: the explicit
// one, else the nearest node_modules/idn-area-data at or above the executable's
// folder, else at or above the working directory.
func FindRegions(explicit string) (dir string, err error) {
	if explicit != "" {
		return explicitRegions(explicit)
	}
	for _, start := range searchRoots() {
		if dir, ok := upward(start); ok {
			return dir, nil
		}
	}
	return "", &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Data wilayah (paket npm idn-area-data) tidak ditemukan.", EN: "The region data (npm package idn-area-data) was not found."},
		Remedy:  simpul.Text{ID: "Jalankan `npm ci` di folder proyek, atau beri letaknya dengan --region-data.", EN: "Run `npm ci` in the project folder, or say where it is with --region-data."},
	}
}

func explicitRegions(dir string) (string, error) {
	if holdsRegions(dir) {
		return dir, nil
	}
	return "", simpul.Invalid("region-data",
		simpul.Text{ID: "Folder \"" + dir + "\" tidak berisi paket idn-area-data.", EN: "Folder \"" + dir + "\" does not hold the package idn-area-data."},
		simpul.Text{ID: "Beri --region-data folder paket itu (yang berisi data/provinces.csv), atau jalankan `npm ci` di folder proyek.", EN: "Give --region-data the package's folder (the one with data/provinces.csv), or run `npm ci` in the project folder."})
}

func searchRoots() []string {
	var roots []string
	if executable, err := os.Executable(); err == nil {
		roots = append(roots, filepath.Dir(executable))
	}
	if working, err := os.Getwd(); err == nil {
		roots = append(roots, working)
	}
	return roots
}

// upward looks for the package at start and in every folder above it.
func upward(start string) (string, bool) {
	for folder := start; ; folder = filepath.Dir(folder) {
		if dir := filepath.Join(folder, regionPackage); holdsRegions(dir) {
			return dir, true
		}
		if folder == filepath.Dir(folder) {
			return "", false
		}
	}
}

func holdsRegions(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "data", Province.file()))
	return err == nil && info.Mode().IsRegular()
}

// LoadRegions reads the four tables of the package in dir. It refuses a table
// with a wrong column, a malformed or repeated code, or an unknown parent, and
// names the file and the line.
func LoadRegions(dir string) (*Regions, error) {
	regions := &Regions{}
	for tier := range tiers {
		level, err := regions.load(dir, tier)
		if err != nil {
			return nil, err
		}
		regions.levels[tier] = level
	}
	return regions, nil
}

func (r *Regions) load(dir string, tier Tier) (*Level, error) {
	file, err := os.Open(filepath.Join(dir, "data", tier.file()))
	if err != nil {
		return nil, damaged(tier, 0, "berkas tidak terbaca", "the file cannot be read", err)
	}
	defer file.Close()

	rows, err := readRows(file, tier)
	if err != nil {
		return nil, err
	}
	if tier > Province {
		if err := checkParents(rows, tier, r.levels[tier-1]); err != nil {
			return nil, err
		}
	}
	return pack(rows, tier)
}

func checkParents(rows []row, tier Tier, parents *Level) error {
	for _, row := range rows {
		if _, ok := parents.Index(row.parent); !ok {
			return damaged(tier, row.line, "induk "+row.parent+" tidak dikenal", "parent "+row.parent+" is unknown", nil)
		}
	}
	return nil
}

// pack sorts the rows by code and refuses a code that occurs twice.
func pack(rows []row, tier Tier) (*Level, error) {
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.code, b.code) })
	regions := make([]Region, len(rows))
	for i, row := range rows {
		if i > 0 && rows[i-1].code == row.code {
			return nil, damaged(tier, row.line, "kode "+row.code+" berulang", "code "+row.code+" is repeated", nil)
		}
		regions[i] = Region{Code: row.code, Name: readable(row.name, tier)}
	}
	return newLevel(tier, regions), nil
}
