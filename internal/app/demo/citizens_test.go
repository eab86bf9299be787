package demo

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul"
)

func TestCitizensAreSyntheticAndWellFormed(t *testing.T) {
	regions := nation(t)
	citizens := SyntheticCitizens(regions)
	districts := regions.Level(District)
	if len(citizens) != districts.Len() {
		t.Fatalf("%d citizens in %d districts", len(citizens), districts.Len())
	}
	sexes := map[Sex]int{}
	for i, c := range citizens {
		sexes[c.Sex]++
		if _, err := simpul.ParseNIK(string(c.NIK)); err != nil {
			t.Fatalf("citizen %d: %v", i, err)
		}
		if serial, _ := strconv.Atoi(string(c.NIK[12:])); serial < firstSerial {
			t.Errorf("citizen %d has serial %d, which could be real", i, serial)
		}
		if !strings.HasPrefix(c.Name, "Contoh ") {
			t.Errorf("citizen %d is called %q", i, c.Name)
		}
		if c.Issued() != districts.At(i).Code {
			t.Errorf("citizen %d of %s was issued in %s", i, districts.At(i).Code, c.Issued())
		}
		if c.Born.Year() < 1950 || c.Born.Year() > 2009 {
			t.Errorf("citizen %d was born on %s", i, c.Born)
		}
	}
	if sexes[Male] == 0 || sexes[Female] == 0 || len(sexes) != 2 {
		t.Errorf("sexes %v", sexes)
	}
}

func TestNIKCarriesBirthAndSex(t *testing.T) {
	born := time.Date(1984, time.September, 6, 0, 0, 0, 0, time.UTC)
	if nik := syntheticNIK("32.73.01", Citizen{Sex: Male, Born: born}, 9901); nik != "3273010609849901" {
		t.Errorf("man %s", string(nik))
	}
	if nik := syntheticNIK("32.73.01", Citizen{Sex: Female, Born: born}, 9999); nik != "3273014609849999" {
		t.Errorf("woman %s", string(nik))
	}
}

func TestCitizensFind(t *testing.T) {
	citizens := SyntheticCitizens(smallNation(t))
	for _, want := range citizens {
		if got, ok := citizens.Find(want.NIK); !ok || got != want {
			t.Errorf("Find(%s) = %+v, %v", want.NIK, got, ok)
		}
	}
	if got, ok := citizens.Find("3273010101990001"); ok {
		t.Errorf("found %+v", got)
	}
}

func TestCitizensAreTheSameEveryTime(t *testing.T) {
	regions := smallNation(t)
	if !slices.Equal(SyntheticCitizens(regions), SyntheticCitizens(regions)) {
		t.Error("two runs differ")
	}
	first := SyntheticCitizens(regions)[0]
	want := Citizen{"3171014101509900", "Contoh Melati Rinjani", Female, time.Date(1950, time.January, 1, 0, 0, 0, 0, time.UTC)}
	if first != want {
		t.Errorf("the first citizen is %s %+v", string(first.NIK), first)
	}
}
