"""Where a name set in capitals goes on in small letters, and where it ends: patterns of :mod:`.actors`."""

from __future__ import annotations

import re

from hoptac.directives.reading.words import UPPER

# Small words that go on with a name set in capitals: Trung tâm Hỗ trợ *phát triển hợp tác xã*.
GOES_ON = re.compile(rf"\s*[-–]\s*[{UPPER}][^\W\d_]*\s+[^\W\d_A-Z]")
NAME_WORDS = re.compile(
    r"(?:(?:\s*,)?\s+(?:và\s+)?(?:phát triển|hợp tác xã|htx|nông thôn|nông nghiệp|thương mại|đầu tư|xã hội|doanh nghiệp|dịch vụ|công nghiệp|cộng đồng|kinh tế|tập thể|"
    r"nhỏ và vừa|nghề nghiệp|thường xuyên|khuyến nông|giống|thủy sản|tổng hợp nông|môi trường|đăng ký kinh doanh|kinh doanh|công nghệ|kỹ thuật|chất lượng|hành chính công|nông lâm sản|du lịch|"
    r"việc làm|nghề|cây trồng|vật nuôi|nông sản|thực vật|trồng trọt|chăn nuôi|thú y|khu vực [ivx\d]+)(?!\w))+"
)
CAPITAL_WORD = re.compile(rf"\s*(?:[-–&]\s*|(?:và|,)\s+(?=[{UPPER}]))?[{UPPER}][\w&]*")
SMALL_WORD = re.compile(r"\s+[^\W\d_A-Z]+")
WHOLE_SYLLABLES = frozenset(
    {"Sở", "Bộ", "Ban", "Tỉnh", "Huyện", "Cục", "Xã", "Hội", "Thuế", "Quỹ", "Phòng"}
)
NO_SMALL = re.compile(
    r"\s+(?:các|và|của|tỉnh|huyện|xã|thành|có|chịu|khu|trên|tại|theo|là|được|đã|sẽ|cần|phải|không|này|với|để|cho|trong|về|do|chủ trì|chủ động|phối hợp|tham mưu|bố trí|tổ chức|"
    r"triển khai|thực hiện|xây dựng|tăng|nâng|tiếp tục|rà soát|hướng dẫn|chỉ đạo|thẩm định|theo dõi|tổng hợp|báo cáo|cung cấp|chuẩn bị|hỗ trợ|vận động|kiểm tra|giám sát|khảo sát|ban hành|lập|cử|gửi|"
    r"đẩy|thường|định|kịp|khẩn|giúp|đưa|mở|hoàn|nghiên|đề|quan|chú|lồng|cân|phân|tuyên|tư vấn|xem|xét|làm|thông báo|trình|lãnh đạo|đăng|công khai|duy trì|phát sóng|căn cứ)(?!\w)"
)
