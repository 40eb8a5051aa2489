# SPDX-License-Identifier: MIT OR Apache-2.0
### Qyzmet: Russian words of the interface.

## Navigation, sign-in, registration

nav-home = Главная
nav-services = Услуги
nav-cabinet = Личный кабинет
nav-history = История получения услуг
nav-notices = Уведомления
nav-verify = Проверка документа
nav-queue = Бронирование очереди
nav-handbook = Справочник бизнес-процессов
nav-help = Помощь
nav-contact = Call-центр: 1414 (звонок бесплатный)
nav-sign-in = Войти
nav-sign-out = Выйти
nav-register = Зарегистрироваться
signin-title = Вход в личный кабинет
signin-with-password = По ИИН и паролю
signin-with-eds = С помощью ЭЦП
signin-iin = Индивидуальный идентификационный номер (ИИН)
signin-login = Логин
signin-password = Пароль
signin-forgot = Забыли пароль?
signin-recover = Восстановить пароль
signin-repeat = Повторите пароль
signin-otp = Введите код из SMS
signin-no-account = Еще не зарегистрированы на портале?
reg-title = Регистрация на портале
reg-agreement = С Пользовательским соглашением ознакомлен(а) и принимаю его условия
reg-consent = Даю согласие на сбор и обработку моих персональных данных
reg-proof = Чтобы увидеть личные данные, подтвердите личность с помощью ЭЦП.
reg-done = Вы зарегистрированы на портале.
err-credentials = Неверный ИИН или пароль.
err-attempts-left = Осталось попыток: { $count }.
err-locked = Вход временно заблокирован. Повторить вход можно в { $time }.
err-signin-refused = В авторизации отказано: введенные данные не совпадают со сведениями государственной базы данных.
err-reg-not-done = Завершить регистрацию не удалось. Если Вы уже зарегистрированы, войдите или восстановите пароль.
err-passwords-differ = Пароли не совпадают.
err-code = Код неверен или срок его действия истек.
err-no-right = У Вас нет доступа к этому рабочему месту. Обратитесь к администратору.

## Service passport page

passport-title = Паспорт услуги
passport-apply = Подать заявление
passport-recipients = Кто может получить услугу
passport-provider = Услугодатель
passport-where = Прием заявлений и выдача результата
passport-term = Срок оказания государственной услуги
passport-day-excluded = День приема документов не входит в срок оказания государственной услуги.
passport-form = Форма оказания государственной услуги
passport-cost-free = Стоимость: бесплатно
passport-documents = Перечень необходимых документов
passport-result = Результат оказания государственной услуги
passport-result-medium = Форма предоставления результата
passport-refusal = Основания для отказа в оказании государственной услуги
passport-act = Основание: { $act }, { $clause }
passport-blank = Скачать форму заявления
passport-eds-needed = Для получения услуги через портал нужна электронная цифровая подпись (ЭЦП).
passport-not-online = Эта услуга через портал не оказывается. Места приема заявлений указаны ниже.
passport-assumed = Стандартом не подтверждено
passport-open-counter = «Безбарьерное» обслуживание

## Forms: controls, errors, help

form-step = Шаг { $step } из { $total }
form-next = Далее
form-back = Назад
form-save-later = Сохранить и продолжить позже
form-saved-at = Сохранено: { $time }
form-required-note = Поля, отмеченные *, обязательны.
form-optional = необязательно
form-from-register = Получено из государственной базы данных: { $date }
form-register-silent = Государственная база данных не ответила. Введите данные сами и приложите подтверждающий документ.
form-add-child = Добавить ребенка
form-add-member = Добавить члена семьи
form-surname = Фамилия
form-name = Имя
form-patronymic = Отчество (при наличии)
form-birth-date = Дата рождения
form-address = Адрес места жительства
form-phone = Номер мобильного телефона
form-email = Электронная почта
form-by-representative = Заявление подает представитель
form-poa = Номер и дата нотариально удостоверенной доверенности
form-medium = В каком виде получить результат?
verr-summary = Требуются исправления. Полей: { $count }.
verr-required = Заполните это поле.
verr-choose = Выберите из списка.
verr-consent = Чтобы продолжить, отметьте согласие.
verr-iin-length = ИИН должен состоять из 12 цифр.
verr-iin-wrong = ИИН указан неверно. Проверьте цифры.
verr-iin-birth = Дата рождения не соответствует ИИН.
verr-iin-unknown = Этот ИИН не найден в государственной базе данных.
verr-too-long = Текст слишком длинный. Не более: { $max }, введено: { $count }.
verr-date = Введите дату в виде ДД.ММ.ГГГГ, например: 21.11.2026.
verr-date-none = Такой даты нет в календаре.
verr-date-future = Дата не может быть позже сегодняшней.
verr-range = Допустимое значение: { $min }–{ $max }.
verr-phone = Введите номер в виде +7 7ХХ ХХХ ХХ ХХ.
verr-email = Проверьте адрес электронной почты, например: imya@example.kz.
help-iin = 12 цифр. Указан в удостоверении личности или паспорте.
help-name = Введите так, как в удостоверении личности.
help-phone = На этот номер придут уведомления о заявлении.

## Attachments

att-title = Прилагаемые документы
att-add = Прикрепить файл
att-drop = Перетащите файл сюда или выберите на устройстве.
att-scan = Сканировать документ
att-limits = Формат: { $types }. Размер: не более { $size } МБ.
att-progress = Файл загружается… { $percent } %
att-added = Файл прикреплен: { $file }
att-download = Скачать
att-missing = Не приложен документ: { $document }.
att-err-size = Файл слишком большой. Не более: { $max } МБ, этот файл: { $size } МБ.
att-err-type = Файлы этого типа не принимаются. Допустимые типы: { $types }.
att-err-content = Содержимое файла не соответствует его типу.
att-err-broken = Файл не открывается. Сохраните его заново или отсканируйте документ еще раз.
att-err-virus = В файле найден вредоносный код. Файл не прикреплен.
att-err-count = Слишком много файлов. Не более: { $max }.
att-err-failed = Не удалось передать файл. Данные заявления сохранены, прикрепите файл еще раз.

## Review and signing

review-title = Проверьте заявление
review-final = После подписания изменить заявление нельзя.
review-true = Подтверждаю достоверность представленных сведений
review-pdf = Скачать подписываемый документ
sign-choose = Выберите ЭЦП
sign-choose-certificate = Выберите регистрационное свидетельство ЭЦП
sign-and-send = Подписать и отправить
sign-with-eds = Подписать ЭЦП
sign-how = Откроется окно NCALayer. Выберите ключ для подписи и введите его пароль.
sign-checking = Подпись проверяется…
sign-sending = Заявление отправляется. Не закрывайте страницу.
serr-nca-off = NCALayer не запущен. Запустите программу и нажмите «Повторить».
serr-nca-absent = Если программа NCALayer не установлена, скачайте ее с сайта pki.gov.kz.
serr-nca-silent = NCALayer не ответил. Проверьте окно программы и повторите попытку.
serr-cancelled = Подписание отменено.
serr-key-password = Неверный пароль ключа.
serr-key-kind = Выбран ключ для входа. Выберите ключ для подписи.
serr-expired = Срок действия регистрационного свидетельства истек { $date }. Получите новый ключ в Национальном удостоверяющем центре.
serr-not-yet = Срок действия регистрационного свидетельства еще не начался. Начало: { $date }.
serr-revoked = Регистрационное свидетельство отозвано { $date }. Выберите другой ключ.
serr-other-person = ИИН в регистрационном свидетельстве не совпадает с ИИН в заявлении. Выберите свой ключ.
serr-unchecked = Сейчас проверить регистрационное свидетельство невозможно. Это не значит, что ключ недействителен.
serr-untrusted = Центр, выдавший регистрационное свидетельство, не входит в список доверенных.
serr-changed = Документ изменился после проверки. Просмотрите его снова и подпишите.
serr-too-late = Время на подписание истекло ({ $minutes } мин). Подготовьте документ заново.
sign-not-sent = Заявление не отправлено.
sign-kept = Введенные данные и файлы сохранены.
sign-sent = Заявление отправлено. Номер: { $number }.
sign-sent-next = Статус исполнения можно увидеть в личном кабинете, в разделе «История получения услуг».
sign-sent-unknown = Пока неизвестно, отправлено ли заявление. Прежде чем отправлять повторно, посмотрите раздел «История получения услуг».

## Cabinet: statuses, timeline, terms

cab-unfinished = Незавершенные заявления
cab-access-log = Кто смотрел мои данные
cab-number = Номер заявления
cab-date = Дата подачи
cab-status = Статус исполнения
cab-get-result = Скачать результат
cab-resume = Продолжить заявление
cab-delete-draft = Удалить черновик
st-draft = Черновик
st-signed = Подписано, не отправлено
st-sent = Отправлено
st-registered = Зарегистрировано
st-waiting-register = Ожидается ответ государственной базы данных
st-with-head = На рассмотрении у руководителя
st-examined = На рассмотрении
st-signing = На подписании
st-with-akim = На рассмотрении у акима сельского округа
st-forwarded = Направлено услугодателю
st-ready = Результат готов
st-with-courier = Передано курьеру
st-issued = Результат выдан
st-refused = Отказано в оказании услуги
st-not-accepted = Заявление не принято
st-no-data = Данные получить не удалось
st-returned = Возвращено в центр
tl-title = Ход рассмотрения заявления
tl-now = Текущий этап
tl-next = Следующий этап
tl-instructed = Руководитель наложил резолюцию
tl-assigned = Определен ответственный исполнитель
tl-prepared = Результат подготовлен
tl-signed = Результат подписан
due-date = Дата выдачи результата: { $date }
due-left = { $days ->
    [one] Остался { $days } рабочий день
    [few] Осталось { $days } рабочих дня
   *[many] Осталось { $days } рабочих дней
}
due-today = Срок истекает сегодня
due-over = { $days ->
    [one] Срок истек { $days } рабочий день назад
    [few] Срок истек { $days } рабочих дня назад
   *[many] Срок истек { $days } рабочих дней назад
}
due-extended = Срок продлен: { $date }
due-why = Как рассчитан срок

## Notices (line of free text in «Хабарлама», SMS, e-mail)

n-sent = Ваше заявление № { $number } отправлено { $date }. Услуга: «{ $service }».
n-registered = Ваше заявление № { $number } зарегистрировано. Услуга: «{ $service }». Дата выдачи результата: { $date }.
n-waiting = По заявлению № { $number } ожидается ответ государственной базы данных. Услуга: «{ $service }».
n-examined = Ваше заявление № { $number } передано ответственному исполнителю. Услуга: «{ $service }». Срок: { $date }.
n-ready-online = По заявлению № { $number } готов результат. Услуга: «{ $service }». Скачайте его в личном кабинете.
n-ready-paper = По заявлению № { $number } готов результат. Услуга: «{ $service }». Получить его можно с { $date } по адресу: { $address }. Возьмите с собой документ, удостоверяющий личность.
n-refused = По заявлению № { $number } в оказании услуги отказано. Услуга: «{ $service }». Основание: { $ground }. Мотивированный ответ от { $date } — в личном кабинете.
n-not-accepted = Заявление № { $number } не принято { $date }. Услуга: «{ $service }». Причина: { $ground }. Заявление можно подать снова с полным пакетом документов.
n-extended = По заявлению № { $number } срок оказания услуги продлен. Услуга: «{ $service }». Новый срок: { $date }.
n-appointment = Для заключения договора по заявлению № { $number } приходите { $date } в { $time } по адресу: { $address }. Услуга: «{ $service }».
n-returned = Заявление № { $number } возвращено в центр { $date } из-за ошибки в оформлении документов. Услуга: «{ $service }». Обоснование выдаст центр.
n-no-data = По заявлению № { $number } получить данные не удалось: в государственной базе данных нет сведений. Услуга: «{ $service }». Дата: { $date }.

## Queue

q-title = Бронирование электронной очереди
q-center = Выберите центр
q-when = Выберите дату и время
q-none = На этот день свободного времени нет. Выберите другой день.
q-book = Забронировать
q-booked = Забронировано. Номер талона: { $ticket }. Дата: { $date }, время: { $time }.
q-cancel = Отменить бронь
q-cancelled = Бронь отменена.
q-ahead = Перед Вами человек: { $count }
q-wait = Примерное время ожидания: { $minutes } мин
q-called = Подошла Ваша очередь. Пройдите к окну № { $window }.
q-expired = Забронированное время прошло. Выберите новое.

## Operator of the centre

op-title = Рабочее место оператора центра
op-call-next = Вызвать следующего
op-choose-service = Выбрать государственную услугу
op-identity = Документ, удостоверяющий личность, проверен
op-ask-register = Направить запрос в государственную базу данных физических лиц
op-ask-notary = Направить запрос в единую нотариальную информационную систему
op-no-data = Сообщение о невозможности получения данных
op-poa-other = Доверенность удостоверена не нотариусом: ее данные не заполняются, документ сканируется.
op-paper-present = Отметьте наличие документов на бумаге
op-certify = Удостоверить запрос ЭЦП и направить
op-receipt = Расписка о приеме документов
op-print-receipt = Распечатать расписку
op-refuse = Отказать в приеме заявления
op-missing = Отметьте непредставленные документы
op-refusal-receipt = Расписка об отказе в приеме заявления
op-from-courier = Принять от курьера
op-issue = Выдать результат
op-issued-to = Результат получил: { $name }
op-tell-applicant = Сообщить заявителю до: { $date }
op-offline = Мобильный центр: прием без связи. Номер и срок — после регистрации.

## Provider's office, head, executor

of-incoming = Журнал входящей корреспонденции
of-outgoing = Журнал исходящей корреспонденции
of-register = Зарегистрировать
of-registered = Регистрационный номер: { $number }, дата: { $date }
of-voided = Номер аннулирован: { $number }. Причина: { $reason }.
of-refuse-accept = Отказать в приеме заявления
of-to-head = Направить руководителю на резолюцию
hd-instruction = Резолюция
hd-put = Наложить резолюцию
hd-assign = Определить ответственного исполнителя
hd-deadline = Срок исполнения: { $date }
hd-sign = Подписать результат
hd-send-back = Вернуть исполнителю
hd-send-back-why = Укажите причину возврата
hd-paper = Подписать на бумаге
hd-paper-who = Кто подписал
hd-paper-when = Дата подписания
hd-paper-seal = Печать поставлена
hd-paper-scan = Скан подписанного листа
hd-same-person = Подготовивший результат не может его подписать.
hd-acting = Исполняющий обязанности (и.о.), приказ: { $order }
ex-my-work = Документы на исполнении
ex-examine = Рассмотреть документы
ex-complies = Документы соответствуют требованиям
ex-prepare = Подготовить результат
ex-to-sign = Направить руководителю на подпись
ex-refuse = Подготовить мотивированный ответ об отказе
ex-ground = Выберите основание отказа
ex-ground-clause = Основание: { $clause }
ex-ground-assumed = Это основание не подтверждено Стандартом, ссылаться на него нельзя.
ex-calculation = Расчет
ex-override = Причина изменения рассчитанного значения
of-register-result = Зарегистрировать результат
of-issue = Выдать услугополучателю
of-to-cabinet = Направить в личный кабинет
of-to-courier = Передать курьеру Государственной корпорации
of-to-center = Вернуть в центр
of-due-soon = Срок подходит
of-overdue = Просрочено

## Rural akim's office

ra-title = Аппарат акима сельского округа
ra-to-akim = Направить акиму сельского округа на резолюцию
ra-assign = Определить ответственного исполнителя аппарата
ra-letter = Сопроводительное письмо
ra-draft-letter = Подготовить сопроводительное письмо
ra-sign-letter = Подписать сопроводительное письмо
ra-forward = Направить услугодателю сопроводительное письмо с документами
ra-letter-text = По услуге «{ $service }» направляются на рассмотрение заявление и документы. Заявитель: { $name }. Номер заявления: { $number }. Приложение: { $sheets } л.
ra-result-came = От услугодателя поступил результат
ra-hand-over = Выдать результат услугополучателю
ra-not-here = По месту жительства есть услугодатель, поэтому аким это заявление не принимает.

## Verification of a document (public)

vf-title = Проверка подлинности документа
vf-number = Уникальный номер документа
vf-scan = Или отсканируйте QR-код на документе.
vf-check = Проверить
vf-genuine = Подлинность документа подтверждена. Выдал: «{ $organization }». Дата выдачи: { $date }.
vf-replaced = Документ заменен: вместо него { $date } выдан новый.
vf-unknown = Такой документ не найден. Проверьте номер.
vf-limit = Слишком много запросов. Повторите через { $minutes } мин.
vf-sig-valid = Подпись действительна
vf-sig-invalid = Подпись недействительна
vf-sig-indeterminate = Проверка подписи не завершена: { $needs }

## Survey (000, annex 4; questions and answers verbatim)

sv-title = Анкета: «качество» и «доступность»
sv-q1 = Удовлетворены ли Вы качеством процесса и результатом оказания электронной государственной услуги?
sv-q2 = Удовлетворены ли Вы качеством информации о порядке оказания электронной государственной услуги?
sv-no = не удовлетворен(а)
sv-partly = частично удовлетворен(а)
sv-yes = удовлетворен(а)
sv-voluntary = Участие в анкете добровольное и не влияет на рассмотрение заявления.
sv-thanks = Ответы приняты. Спасибо.

## Administrator

ad-title = Рабочее место администратора
ad-regulations = Регламенты и редакции
ad-publish = Ввести в действие
ad-in-force = Период действия: { $from }–{ $to }
ad-act-needed = Укажите утвердивший акт. Без него новые заявления по этой редакции не принимаются.
ad-confirm-clause = Подтвердить пунктом Стандарта
ad-anomalies = Пробелы и противоречия
ad-users = Пользователи и роли
ad-substitution = Приказ о замещении
ad-auto-order = Автоматический режим выключен: не указан приказ об уполномоченном лице.
ad-calendar = Календарь рабочих, выходных и праздничных дней
ad-crl = Список отозванных регистрационных свидетельств обновлен: { $time }
ad-access-log = Журнал доступа
ad-journal-ok = Целостность журнала проверена, не нарушена.
ad-outbox = Ожидают отправки: { $count }
ad-simulators = Имитаторы

## Generic

g-search = Поиск
g-search-hint = Название услуги или номер заявления
g-filter = Фильтр
g-filter-clear = Сбросить фильтр
g-found = Найдено: { $count }
g-none-found = Ничего не найдено. Измените запрос.
g-empty-history = Заявлений пока нет.
g-empty-notices = Новых уведомлений нет.
g-empty-work = Документов, ожидающих рассмотрения, нет.
g-save = Сохранить
g-cancel = Отмена
g-confirm = Подтвердить
g-close = Закрыть
g-change = Изменить
g-delete = Удалить
g-print = Распечатать
g-details = Подробнее
g-yes = Да
g-no = Нет
g-retry = Повторить
g-undo = Отменить действие
g-ask-send = Отправить заявление?
g-ask-delete = Удалить заявление? Восстановить его будет нельзя.
g-ask-leave = Есть несохраненные изменения. Покинуть страницу?
g-loading = Загрузка…
g-offline = Связь прервана. Проверьте подключение к интернету.
g-server-error = В системе произошла ошибка. Повторите попытку позже. Код ошибки: { $code }.
g-not-found = Страница не найдена.
g-forbidden = У Вас нет доступа к этой странице.
g-changed-meanwhile = Документ изменен другим сотрудником. Обновите страницу.
g-already-done = Это действие уже выполнено.
g-session-soon = Сеанс завершится через { $minutes } мин.
g-session-over = Сеанс завершен. Войдите снова. Введенные данные хранятся 24 часа.
g-done = Выполнено
g-not-done = Не выполнено
g-attention = Внимание!
b-demo = Демонстрационный режим. Выданные здесь документы не имеют юридической силы.
b-demo-time = Демонстрационное время: { $time }
b-simulator = Имитатор: данные получены не из настоящей государственной базы данных.
b-repealed = Акт утратил силу (основание: { $act }). Услуга оказывается по редакции на { $date }.
b-no-act = Акт, утвердивший регламент, не указан.
a11y-skip = Перейти к основному содержанию
a11y-language = Язык: қазақша, русский, English
a11y-menu = Меню
a11y-menu-close = Закрыть меню
a11y-low-vision = Версия для слабовидящих
a11y-required = обязательно
a11y-error = Ошибка:
a11y-new-tab = откроется в новой вкладке
a11y-page = Страница { $page } из { $total }

## Rooms, header and footer

app-tagline = Государственные услуги
room-portal = Портал
room-center = Государственная корпорация
room-region = Местный исполнительный орган
room-admin = Администратор
nav-account = Учетная запись
nav-work = Рабочее место
nav-main = Основные разделы
nav-sections = Разделы рабочего места
nav-inbox = Очередь
nav-journals = Журналы
nav-languages = Выбор языка
nav-breadcrumbs = Путь к странице
nav-pages = Страницы
nav-previous-page = Предыдущая страница
nav-next-page = Следующая страница
footer-law = Услуги оказываются по утвержденным регламентам и стандартам.
footer-error-code = Код обращения: { $code }
b-simulated-list = Имитируются системы: { $names }
b-demo-short = Демонстрационный режим
b-advance = Перевести время вперед
sim-gbd-fl = государственная база данных «Физические лица»
sim-enis = единая нотариальная информационная система
sim-guardianship = регистр опеки
sim-authority = удостоверяющий центр
sim-gateway = шлюз электронного правительства
sim-mail = отправка писем и SMS

## Error pages

err-title-not-found = Страница не найдена
err-hint-not-found = Проверьте адрес или перейдите на главную страницу.
err-title-forbidden = Нет доступа
err-hint-forbidden = Войдите под другой учетной записью или обратитесь к администратору.
err-title-cross-site = Запрос не принят
err-hint-cross-site = Запрос пришел с другого сайта. Откройте страницу и повторите действие. Заявление не отправлено.
err-title-too-large = Отправленные данные слишком велики
err-hint-too-large = Уменьшите размер файла и прикрепите его снова. Заявление не отправлено.
err-title-server = Ошибка системы
err-hint-server = Введенные данные не потеряны. Прежде чем отправлять заявление повторно, посмотрите раздел «История получения услуг».
err-title-unavailable = Сервис временно недоступен
err-hint-unavailable = Повторите попытку через несколько минут. Прежде чем отправлять заявление повторно, посмотрите раздел «История получения услуг».
err-title-session = Сеанс завершен
err-title-conflict = Документ изменен
err-title-bad-request = Запрос не распознан
err-hint-bad-request = Обновите страницу и повторите действие. Заявление не отправлено.
err-title-too-many = Слишком много запросов
err-hint-too-many = Повторите попытку через минуту.
err-hint-conflict = Обновите страницу и посмотрите изменения.

## Forms, further

form-day = День
form-month = Месяц
form-year = Год
form-date-hint = Например: { $example }
form-saving = Сохранение…
form-not-saved = Сохранить не удалось. Нажмите «Сохранить и продолжить позже».
form-show-password = Показать пароль
form-hide-password = Скрыть пароль
form-choose = Выберите
form-chars-left = Осталось знаков: { $count }
form-remove = Убрать
form-sending = Отправляется…
form-add-entry = Добавить: { $name }
verr-too-few = Записей недостаточно. Не менее: { $count }.
verr-too-many = Записей слишком много. Не более: { $max }.
verr-unknown = Проверьте введенное значение.
err-page-title-prefix = Исправьте:

## Signing in the page

sign-panel-title = Подписание электронной цифровой подписью (ЭЦП)
sign-key-file = Файл ключа ЭЦП (.p12)
sign-key-stays = Ключ и пароль не покидают это устройство. В систему передается только подпись.
sign-key-password = Пароль ключа
sign-key-open = Открыть ключ
sign-key-opening = Ключ открывается…
sign-key-ready = Ключ открыт. Проверьте данные и подпишите.
sign-key-other = Выбрать другой ключ
sign-cert-title = Выбранное регистрационное свидетельство
sign-cert-owner = Владелец
sign-cert-iin = ИИН
sign-cert-term = Срок действия
sign-cert-issuer = Удостоверяющий центр
sign-cert-org = Организация
sign-what = Что подписывается
sign-content = Посмотреть подписываемые данные
sign-signing = Подписание…
sign-no-script = Для подписания в браузере должен быть включен JavaScript. Введенные данные сохранены.
serr-not-key-file = Этот файл не является ключом ЭЦП. Выберите файл с расширением .p12.
serr-key-too-large = Файл слишком большой, это не ключ ЭЦП. Выберите файл с расширением .p12.
serr-key-gost = Этот ключ относится к типу ГОСТ. Подписать им на странице пока нельзя. Выберите ключ типа RSA или обратитесь в центр.
serr-key-unsupported = Ключ этого типа не поддерживается. Выберите другой ключ.
serr-no-crypto = Этот браузер не может подписывать на странице. Обновите браузер или откройте страницу по безопасному адресу (https).
serr-content = Не удалось получить подписываемые данные. Обновите страницу и повторите попытку.
serr-choose-file = Выберите файл ключа.
serr-type-password = Введите пароль ключа.
serr-failed = Подписать не удалось. Проверьте ключ и повторите попытку.
sign-warn-expired = Срок действия регистрационного свидетельства истек. Такая подпись не будет принята.
sign-warn-not-yet = Срок действия регистрационного свидетельства еще не начался. Такая подпись не будет принята.

## Timeline, further

tl-who = У кого: { $name }
tl-by = Срок: { $date }
tl-at = Время: { $date }
tl-done = Выполнено
tl-waiting = Ожидается
tl-late = Просрочено
tl-stopped = Прекращено
tl-updating = Обновляется…
tl-refresh = Обновить
tl-finished = Рассмотрение завершено.
tl-stale = Обновить не удалось. Обновите страницу.

## Workplace, further

wp-case = Дело № { $number }
wp-applicant = Заявитель
wp-service = Услуга
wp-due = Срок
wp-step = Шаг
wp-executor = Исполнитель
wp-actions = Действия
wp-documents = Документы
wp-received = Дата поступления
wp-terms = Сроки
wp-history = Ход дела
wp-signatures = Подписи
wp-take = Взять в работу
wp-none-chosen = Выберите дело из списка.

## Verification, further

vf-what = Что показывает проверка
vf-by-code = QR-код или уникальный номер

## Dates

date-today = сегодня
date-tomorrow = завтра
date-just-now = только что
date-zone = по времени Астаны
date-on = { $date }
date-from = с { $date }
date-until = до { $date }
date-period = с { $from } по { $to }
date-minutes-ago = { $minutes } мин назад
time-label = Время: { $time }
time-at = в { $time }
unit-working-days = { $count ->
    [one] { $count } рабочий день
    [few] { $count } рабочих дня
   *[many] { $count } рабочих дней
}
unit-calendar-days = { $count ->
    [one] { $count } календарный день
    [few] { $count } календарных дня
   *[many] { $count } календарных дней
}
unit-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
unit-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
}
unit-seconds = { $count ->
    [one] { $count } секунда
    [few] { $count } секунды
   *[many] { $count } секунд
}
unit-documents = { $count ->
    [one] { $count } документ
    [few] { $count } документа
   *[many] { $count } документов
}
unit-files = { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
unit-children = { $count ->
    [one] { $count } ребенок
    [few] { $count } ребенка
   *[many] { $count } детей
}
unit-applications = { $count ->
    [one] { $count } заявление
    [few] { $count } заявления
   *[many] { $count } заявлений
}
unit-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
unit-sheets = { $count ->
    [one] { $count } лист
    [few] { $count } листа
   *[many] { $count } листов
}
unit-tenge = { $count } тенге
within-days = в течение { $count } раб. дн.
not-more-minutes = не более { $minutes } мин
step-norm-minutes = Продолжительность выполнения — { $minutes } мин
