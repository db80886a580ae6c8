"""Lines for test_triage: danger that the rules must hear alone, and alarming words they must not fall for.

None of them is a line of bots/alarm.
"""

PLAIN_RED = """
bọn chúng nhốt tụi em trong kho, cửa khóa ngoài
em đang bị giam dưới hầm, không có ai biết
họ không cho em ra ngoài, em muốn về
họ không cho chúng em bước ra khỏi nhà
chồng em xích em trong buồng
tôi bị giữ trong một căn nhà, có người canh cửa
bị bán sang công ty khác rồi, cứu em
chúng nó bắt cóc con tôi
em bị khóa trong phòng, không có chìa khóa
họ lấy hết điện thoại và hộ chiếu, không cho ai ra
ong chu danh toi gay tay
toi bi nhot trong nha kho, cuu toi
ho khong cho toi ra khoi nha
nguoi ta dang danh em toi, cuu voi
toi bi ham hiep, toi dang tron
chung giu em gai toi doi tien chuoc
con toi bi bat coc, ho doi 300 trieu
toi khong tho duoc, toi trong thung xe
thuyen dang chim, cuu chung toi
em bi ep tiep khach moi dem, khong cho ra ngoai
e bị nhốt r, cứu e vs
nó đánh e gãy tay, e đag trốn
e k thở đc, e trong cont
tụi nó chích điện e, cứu
e bị bán wa cty khác r, h k ra đc
k cho e ra ngoài, lấy hết đt
bị nhốt ở campuchia k ra dc cứu e
e uống thuốc sâu r
tui bị nhốt trong buồng, nỏ ra được
hấn đập tui chảy máu, cứu tui với
bọn hấn giữ con tui đòi tiền chuộc
tui nỏ thở được, tui trong thùng xe
choa đang lênh đênh giữa biển, xuồng chết máy, nước vào
hấn dọa giết tui, hấn cầm dao, tui đang nấp
ngài ta khóa cửa, nỏ cho tui ra khỏi nhà
cứu em
cứu với
cuu e
save us
cứu con tôi gấp
bị nhốt
bị hiếp
bị bắt cóc
I am locked in
help lorry cant breathe
tôi muốn chết
em đang cầm chai thuốc trừ sâu, em không muốn sống nữa
tôi đang đứng trên cầu, tôi muốn chết
I want to die tonight
I am going to kill myself
I took a lot of pills
they locked me in the house and took my phone
he locks us in every night and we can't leave
I am being held in a flat, please send police
they are beating my brother now
my boss raped me and I am still here
she is forced into prostitution, help her
we are in a lorry and can't breathe
our dinghy is sinking, children in the water
they want ransom for my son or they will kill him
there is a man with a knife, he is going to kill me
the smugglers are holding my daughter for ransom
pls help im lock in house they took my phone
we r in truck no air pls help
A Vietnamese woman is being held in the flat next door and beaten
one of my pupils has been kidnapped, please call the police
con trai tôi nhắn bị nhốt dưới hầm và bị đánh mỗi ngày
chị ấy bị ép bán dâm và không được ra khỏi nhà
""".strip().splitlines()

LOOK_ALIKES = """
nếu bị nhốt ở nước ngoài thì gọi số nào
nếu con tôi bị giữ ở Campuchia thì phải làm sao
giả sử bị đánh thì báo ai
lỡ bị bắt cóc thì gọi ai
nghe nói bên đó họ đánh người, có thật không
nghe nói người ta bị chích điện, đúng không
có thật là họ mổ lấy thận không
trên tivi nói thuyền chìm ở Pháp
báo viết có người chết ngạt trong xe
phim này có cảnh cô gái bị nhốt
em làm bài tập về nạn bắt cóc
xin số liệu người bị giam giữ ở Campuchia
bài thuyết trình về nô lệ thời nay
năm ngoái em bị nhốt ở Lào, giờ về rồi
chị tôi từng bị bán sang Trung Quốc, đã về nước
hồi trước tôi bị đánh ở Nga, giờ về rồi
tội bắt cóc đi tù mấy năm
hiếp dâm bị phạt tù bao nhiêu
chủ giữ hộ chiếu có đúng luật không
công ty thu hộ chiếu để làm visa có được không
đói muốn chết
nhớ nhà muốn chết
tức muốn chết
cười chết mất thôi à
trời nóng muốn chết
con chó nhà tôi bị nhốt
chơi game bị nhốt trong phòng
cứu trợ bão lụt đăng ký ở đâu
khóa học tiếng Hàn ở đâu
giữ chỗ cho con đi học
đánh giá hồ sơ mất bao lâu
kẹt xe nên đến trễ
bị hủy visa thì xin lại thế nào
bị khóa tài khoản zalo
bị mất điện thoại ở nhà
neu bi chu danh thi keu ai
nghe noi ho nhot nguoi, co that khong
phim nay co canh giam long
toi mua ban nguoi phat may nam
dong lanh tom thi luong bao nhieu
bn ng chết trên biển năm ngoái
game này nhốt mình hoài haha
nếu bị nhốt thì mần răng
tui coi tivi thấy thuyền chìm
what if they lock me in
is it true that workers are beaten there
how many people drowned in the Channel
I read about people locked in a lorry
I am writing an essay on kidnapping
help me with my homework
my phone was stolen at home
my boss will kill me if I am late again
what is the penalty for kidnapping
is it legal for my boss to keep my passport
a film about a girl who is locked in a cellar
we prepare a workshop on suicide prevention
statistics on people held for ransom
my cousin was beaten there in 2019, he is home now
I was locked up in Laos last year, I am home now
I'm locked out of my account
please hold my booking
dying of boredom here
stuck in traffic, we will be late
Is the boat trip in Ha Long dangerous
""".strip().splitlines()
