package identity

import (
	"slices"
	"testing"

	"simpul"
)

// Every permission has its words on the screens, in both languages, once.
func TestEveryPermissionHasWords(t *testing.T) {
	var told []simpul.Permission
	for _, a := range areas() {
		for _, d := range a.acts {
			told = append(told, d.permission)
			for _, text := range []simpul.Text{a.name, d.word, d.sentence} {
				if text.ID == "" || text.EN == "" {
					t.Errorf("%s lacks words: %+v", d.permission, text)
				}
			}
		}
	}
	want := simpul.AllPermissions()
	slices.Sort(want)
	slices.Sort(told)
	if !slices.Equal(want, told) {
		t.Errorf("got %v, want %v", told, want)
	}
}

func TestWhatRolesAreForInWords(t *testing.T) {
	specs := simpul.StandardRoles()
	for role, want := range map[simpul.Role]string{
		simpul.RoleConsumer: "Mengelola aplikasi dan kuncinya; memanggil LID dengan tangan sebagai aplikasi instansi.",
		simpul.RoleProducer: "Menyusun standar, kode referensi dan metadata.",
		simpul.RoleAuditor:  "Melihat pengguna; membaca jejak audit.",
		simpul.RoleSteward:  "Menerbitkan LID; menyusun standar, kode referensi dan metadata; memutuskan usulan orang lain.",
	} {
		if got := duties(t.Context(), specs[role]); got != want {
			t.Errorf("%s: got %q", role, got)
		}
	}
}
