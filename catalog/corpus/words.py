"""Words that made-up catalogues are written with: plain Indonesian vocabulary and common given names."""

# ruff: noqa: SIM905  plain words read better than quoted ones

from __future__ import annotations

NOUNS = (
    "akar alam angin api arus awan ayah badai bahasa bahtera balai batang batu bayang belantara benang benih "
    "benteng bintang budaya bukit bulan bumi bunga burung cahaya candi catatan cerita cermin daun desa "
    "dongeng ekonomi embun fajar gambar garis gelombang gempa gerbang gula gunung hakikat halaman hati "
    "hikayat hujan hukum hutan ibu ilmu industri jalan jarak jejak jembatan jendela kabut kaki kampung kapal "
    "karang kawan kebun kehidupan kelapa keluarga kemarau kenangan kepala kepemimpinan kesehatan keuangan "
    "kimia kisah kitab kolam kopi kota kuda kursi ladang lagu laki lampu langit lautan layar lebah lembah "
    "lembayung lentera leluhur lingkungan lontar lumbung mahkota malam manajemen manusia masyarakat mata "
    "matahari mekanika melati menara mentari merpati mimpi mutiara musim naskah negeri nelayan nilai nyanyian "
    "ombak organisasi padi pagi pandangan panen pantai pasar pasir pelabuhan pelangi pelita pemerintah "
    "pemikiran pendidikan penyair perahu perak perang perempuan permata pertanian pesantren pesisir petani "
    "pintu pohon politik prahara psikologi puisi pulau purnama pustaka rahasia raja rakyat rantau ratu rawa "
    "rempah rindu roda rumah rumput sajak salju samudra sandiwara sastra sawah sejarah sekolah selat senja "
    "senyap serambi seruling siang singgasana sosiologi statistika suara suku sumur sungai surat surau tanah "
    "tangga tanjung tari teknologi telaga teluk tembang tenun teori tepian terang titian tradisi tugu tulisan "
    "udara ufuk upacara waktu warisan warna warung wayang zaman ziarah"
).split()

QUALITIES = (
    "abadi agung akhir asing awal baru berani biru bisu cemerlang dalam damai dingin emas gelap gugur hampa "
    "hening hijau hilang hitam indah jauh jernih kecil kelabu kelam kering kuno kuning lama lembut liar luas "
    "lurus luruh merah merdeka muda murni nyata panjang perdana purba putih rapuh rendah retak sakti segar "
    "sejati sepi sempurna sunyi suci teduh tenang terakhir terbit terbuka tercinta terdalam terlarang "
    "termenung tersembunyi tertinggi tua"
).split()

PLACES = (
    "Aceh Ambon Bali Bandung Banjar Banten Banyumas Batak Bengkulu Betawi Biak Bogor Borneo Bugis Buton "
    "Cirebon Dayak Deli Flores Gayo Gorontalo Jambi Jawa Jayapura Jepara Kalimantan Kediri Kupang Lampung "
    "Lombok Madura Makassar Maluku Manado Mataram Medan Mentawai Minahasa Minang Nias Nusantara Palembang "
    "Papua Pasundan Pekalongan Riau Rote Samarinda Sasak Semarang Siak Solo Sulawesi Sumatra Sumba Sumbawa "
    "Sunda Surabaya Tegal Ternate Tidore Timor Tolaki Toraja Yogyakarta"
).split()

GIVEN = (
    "Abdul Adi Agus Ahmad Aisyah Alifia Amalia Anang Andi Anggun Anisa Ardi Arif Asep Ayu Bambang Bayu Budi "
    "Cahyo Citra Daniel Darma Dedi Dewi Dian Didik Dina Eka Eko Endang Erna Fajar Farida Fitri Galih Gita "
    "Gunawan Hadi Haris Hendra Heru Imam Indah Indra Intan Irfan Irma Iwan Joko Kartika Komang Kurnia Laila "
    "Laksmi Lestari Lina Lukman Made Maria Maya Mega Mulyadi Nadia Nanda Ni Novi Nur Nyoman Oktavia Putri "
    "Putu Rahma Ratna Reni Rina Rini Rizki Rudi Salman Sari Satria Sekar Siti Slamet Sri Sulis Surya Susi "
    "Tatang Taufik Teguh Tika Titin Tono Tri Umar Utami Vina Wahyu Wati Wayan Widya Wulan Yanti Yoga Yudi "
    "Yuni Yusuf Zahra Zainal"
).split()

FAMILY = (
    "Adiputra Adinata Anggraini Ardiansyah Arifin Atmaja Batubara Cahyadi Damanik Darmawan Djatmiko Fauzi "
    "Firmansyah Ginting Gunadi Halim Handayani Harahap Hartono Hasibuan Hidayat Hutagalung Hutapea Indrawan "
    "Irawan Iskandar Kusuma Kusnadi Laksana Lubis Mahendra Manurung Marpaung Maulana Mulyono Nababan "
    "Nainggolan Nasution Nugraha Nugroho Panjaitan Paramita Pangestu Permana Permadi Prabowo Pramono Pranata "
    "Prasetyo Pratama Purnomo Purwanto Rachmawati Rahardjo Rahman Ramadhan Rangkuti Ritonga Rosadi Saputra "
    "Santosa Santoso Saragih Sasongko Setiawan Sihombing Simanjuntak Simatupang Siregar Sitompul Soedarsono "
    "Soemantri Subagyo Sudarmo Suhartono Sukardi Sulaiman Sumarno Supriyadi Suryadi Sutanto Suwarno Syahputra "
    "Tambunan Tanjung Tarigan Tobing Utomo Wardhana Wibisono Wibowo Wicaksono Widodo Wijaya Winata Wiratama "
    "Yulianto Zulkarnain"
).split()

# (name as printed, other forms that catalogues use, place); made up.
PUBLISHERS = tuple(
    (f"{name} {tail}", (f"PT {name} {tail}", f"Penerbit {name} {tail}", f"{name} {tail}"), place)
    for name, tail, place in (
        ("Samudra Aksara", "Utama", "Jakarta"), ("Lontar Timur", "Media", "Denpasar"),
        ("Cakrawala Ilmu", "Press", "Bandung"), ("Rumah Sastra", "Nusa", "Yogyakarta"),
        ("Bina Cendekia", "Raya", "Surabaya"), ("Tunas Padi", "Abadi", "Semarang"),
        ("Pelita Benua", "Grafika", "Medan"), ("Sinar Dermaga", "Mandiri", "Makassar"),
        ("Mahardika", "Buku", "Solo"), ("Anjungan Karya", "Pratama", "Malang"), ("Kencana Ombak", "Jaya", "Jakarta"),
        ("Wiyata Luhur", "Pustaka", "Yogyakarta"), ("Gapura Kata", "Semesta", "Depok"),
        ("Titian Langit", "Muda", "Padang"),
    )
)  # fmt: skip

SUBJECTS = (
    "Fiksi Indonesia", "Kesusastraan Indonesia", "Pendidikan", "Ekonomi", "Sejarah Indonesia", "Hukum adat",
    "Pertanian", "Kesehatan masyarakat", "Manajemen", "Psikologi", "Sosiologi", "Politik", "Bahasa Indonesia",
    "Agama Islam", "Filsafat", "Teknologi informasi", "Statistika", "Akuntansi", "Kebudayaan", "Lingkungan hidup",
)  # fmt: skip
