package demo

import (
	"slices"
	"testing"
)

func TestLevelIsInOrderOfCode(t *testing.T) {
	var codes []string
	for region := range smallNation(t).Level(Regency).All() {
		codes = append(codes, region.Code+" "+region.Name)
	}
	want := []string{"31.71 Kota Administrasi Jakarta Pusat", "32.04 Kabupaten Bandung", "32.73 Kota Bandung"}
	if !slices.Equal(codes, want) {
		t.Errorf("%q, want %q", codes, want)
	}
}

func TestLevelIndex(t *testing.T) {
	districts := smallNation(t).Level(District)
	tests := map[string]struct {
		at    int
		found bool
	}{
		"31.71.01": {0, true}, "32.04.05": {1, true}, "32.73.01": {2, true}, "32.73.02": {3, true},
		"00.00.00": {0, false}, "32.73.03": {4, false}, "32": {1, false}, "": {0, false},
	}
	for code, want := range tests {
		if at, found := districts.Index(code); at != want.at || found != want.found {
			t.Errorf("Index(%q) = %d, %v; want %+v", code, at, found, want)
		}
	}
}

func TestLevelWithin(t *testing.T) {
	villages := smallNation(t).Level(Village)
	tests := map[string][2]int{
		"31": {0, 1}, "32": {1, 7}, "32.04": {1, 3}, "32.73": {3, 7}, "32.73.01": {3, 6}, "32.73.02": {6, 7},
		"33": {7, 7}, "30": {0, 0}, "32.05": {3, 3},
	}
	for code, want := range tests {
		if from, to := villages.Within(code); from != want[0] || to != want[1] {
			t.Errorf("Within(%q) = [%d, %d), want %v", code, from, to, want)
		}
	}
}

func TestLevelWithinReachesTheLastCode(t *testing.T) {
	level := newLevel(Regency, []Region{{"31.99", "a"}, {"32.00", "b"}, {"32.99", "c"}, {"33.00", "d"}})
	if from, to := level.Within("32"); from != 1 || to != 3 {
		t.Errorf("[%d, %d)", from, to)
	}
}

func TestLevelMatchesStaysWithinAName(t *testing.T) {
	level := newLevel(Province, []Region{{"11", "Aceh"}, {"12", "Ende"}, {"13", "Riau"}})
	tests := []struct {
		i    int
		q    string
		want bool
	}{
		{0, "ace", true}, {0, "ceh", true}, {0, "", true}, {1, "ende", true}, {2, "u", true},
		{0, "he", false}, {1, "her", false}, {2, "x", false}, {0, "Aceh", false}, // q must come folded
	}
	for _, test := range tests {
		if got := level.Matches(test.i, test.q); got != test.want {
			t.Errorf("Matches(%d, %q) = %v", test.i, test.q, got)
		}
	}
}

func TestFoldKeepsLength(t *testing.T) {
	for in, want := range map[string]string{"Kota BANDUNG": "kota bandung", "Regapu’u": "regapu’u", "É@[": "É@[", "": ""} {
		if got := fold(in); got != want || len(got) != len(in) {
			t.Errorf("fold(%q) = %q", in, got)
		}
	}
}

func TestTierAccepts(t *testing.T) {
	tests := []struct {
		tier Tier
		code string
		want bool
	}{
		{Province, "32", true}, {Regency, "32.73", true}, {District, "32.73.01", true}, {Village, "32.73.01.1001", true},
		{Province, "", false}, {Province, "3", false}, {Province, "3a", false}, {Province, "٣٢", false},
		{Regency, "32", false}, {Regency, "32-73", false}, {Regency, "32073", false}, {Regency, "3.273", false}, {Regency, "32.7.", false},
		{Village, "32.73.01.100", false}, {Village, "32.73.01.10011", false}, {Village, "32.73.01 1001", false},
	}
	for _, test := range tests {
		if got := test.tier.accepts(test.code); got != test.want {
			t.Errorf("%s accepts %q: %v", test.tier, test.code, got)
		}
	}
}
