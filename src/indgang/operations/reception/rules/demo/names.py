"""Names for made-up people: common given names and family names, put together by chance. Nobody in particular is meant."""

from __future__ import annotations

# culture: (given names, family names), each in one string.
_POOLS: dict[str, tuple[str, str]] = {
    "arabic": (
        "Layla Omar Yasmin Karim Nour Samir Rania Tarek Hana Bilal Salma Ziad Amal Fadi Dina Rami Lina Nabil Maya Hadi",
        "Haddad Nasser Khoury Mansour Saleh Farah Aziz Hamdan Sabbagh Darwish Qasim Najjar Shaheen Barakat Rahal Touma",
    ),
    "baltic": (
        "Ieva Jonas Rasa Tomas Liga Andris Kristina Marius Inese Janis Ruta Darius Zane Martins Egle Lukas",
        "Ozols Kalnina Berzins Liepa Petrauskas Jankauskas Kazlauskas Tamm Saar Magi Krumins Vitola Balsys Urbonas",
    ),
    "brazilian": (
        "Ana Lucas Beatriz Rafael Camila Thiago Larissa Gustavo Juliana Felipe Mariana Bruno Isabela Diego",
        "Silva Souza Oliveira Pereira Costa Rodrigues Almeida Nascimento Carvalho Araujo Ribeiro Barbosa Moreira",
    ),
    "chinese": (
        "Mei Wei Xia Jun Lan Hao Ying Bo Qing Lei Yan Feng Ling Tao Hui Chen Na Peng",
        "Wang Li Zhang Liu Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo Lin",
    ),
    "danish": (
        "Mette Lars Freja Mikkel Ida Emil Karen Jonas Sofie Anders Line Kasper Signe Rasmus Maja Frederik Anne Peter Cecilie Thomas",
        "Holm Lund Bach Dahl Kjær Bang Winther Krogh Juhl Toft Brandt Skov Bjerre Vang Friis Munk Riis Storm Lykke Agger",
    ),
    "dutch": (
        "Sanne Daan Femke Bram Lotte Sven Anouk Thijs Marieke Jeroen Fleur Niels Eva Ruben",
        "de Vries|van Dijk|Bakker|Visser|Smit|Meijer|Mulder|de Boer|Dekker|Brouwer|van Leeuwen|Hoekstra|Postma|Kuiper",
    ),
    "english": (
        "Emma James Olivia Jack Grace Harry Chloe Daniel Amelia Thomas Hannah Samuel Lucy Ryan Abigail Ethan Megan Tyler",
        "Walker Hughes Bennett Parker Foster Reed Turner Brooks Hayes Coleman Marsh Fletcher Doyle Byrne Sutton Lowe",
    ),
    "filipino": (
        "Maricel Jomar Liezel Rodel Cherry Arnel Rowena Jerome Analyn Ramil Grace Noel Jenny Edwin Rica Dennis",
        "Dela Cruz|Reyes|Bautista|Ocampo|Garcia|Mendoza|Villanueva|Aquino|Castillo|Ramos|Navarro|Salazar|Pascual|Domingo",
    ),
    "french": (
        "Camille Hugo Manon Louis Chloé Antoine Léa Mathieu Élise Julien Claire Nicolas Inès Théo",
        "Moreau Lefebvre Girard Fournier Mercier Blanc Garnier Chevalier Rousseau Lambert Faure Perrin Colin Renaud",
    ),
    "german": (
        "Lena Felix Hannah Jonas Katrin Tobias Julia Markus Anja Florian Miriam Stefan Laura Matthias Nele Jan",
        "Schneider Fischer Weber Becker Hoffmann Krüger Vogel Brandt Lehmann Köhler Seidel Winkler Böhm Arnold Otto Kraus",
    ),
    "greek": (
        "Eleni Giorgos Maria Nikos Katerina Dimitris Sofia Yannis Anna Kostas Ioanna Petros",
        "Papadaki Nikolaidis Georgiou Vlachos Karagianni Pappas Makris Alexiou Dimou Oikonomou Samaras Lamprou",
    ),
    "hungarian": (
        "Zsófia Bence Eszter Máté Réka Gergő Anna Balázs Katalin Dániel Nóra Péter",
        "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Lakatos",
    ),
    "indian": (
        "Priya Arjun Ananya Rohan Kavya Vikram Divya Rahul Neha Sanjay Meera Karthik Pooja Aditya Lakshmi Nikhil Shreya Manish",
        "Sharma Patel Reddy Nair Gupta Iyer Menon Kulkarni Joshi Verma Rao Desai Mehta Bose Chatterjee Pillai Naidu Bhat",
    ),
    "iranian": (
        "Shirin Reza Parisa Amir Niloufar Hamid Mina Arash Leila Navid Sara Kaveh",
        "Ahmadi Karimi Hosseini Rahimi Moradi Jafari Rostami Ebrahimi Sadeghi Kazemi Bahrami Farahani",
    ),
    "italian": (
        "Giulia Marco Chiara Luca Francesca Matteo Elena Davide Sara Andrea Martina Paolo Silvia Lorenzo",
        "Rossi Bianchi Romano Colombo Ricci Marino Greco Conti Gallo Ferrara Rinaldi Caruso Moretti Barbieri",
    ),
    "nepali": (
        "Sita Ramesh Anita Suman Puja Bikash Sunita Prakash Asmita Dipesh Gita Kiran",
        "Gurung Tamang Shrestha Thapa Rai Karki Adhikari Basnet Magar Poudel Bhandari Khadka",
    ),
    "nigerian": (
        "Ngozi Emeka Amaka Tunde Chioma Obinna Funke Segun Ifeoma Kelechi Yetunde Uche",
        "Okafor Adeyemi Eze Balogun Nwosu Okonkwo Ogunleye Obi Adebayo Chukwu Oladipo Ekwueme",
    ),
    "nordic": (
        "Astrid Erik Ingrid Olav Elin Gustav Sigrid Henrik Linnea Johan Aino Mikko Guðrún Jón Kaisa Ville",
        "Berg Haugen Lindqvist Nyström Eriksen Solberg Virtanen Korhonen Moen Sandberg Åkerlund Strand Nieminen Hagen Lindgren Bakke",
    ),
    "pakistani": (
        "Ayesha Usman Fatima Hamza Sana Bilal Zainab Faisal Mariam Imran Hira Kamran",
        "Khan Malik Chaudhry Qureshi Butt Siddiqui Mirza Raja Sheikh Anwar Javed Abbasi",
    ),
    "polish": (
        "Agnieszka Piotr Katarzyna Tomasz Magdalena Marcin Joanna Krzysztof Ewa Paweł Monika Michał Aleksandra Jakub Natalia Łukasz",
        "Wiśniewska Wójcik Kamiński Zieliński Lewandowska Szymańska Dąbrowski Kozłowski Jankowski Mazur Krawczyk Pawlak Sikora Baran",
    ),
    "portuguese": (
        "Inês Tiago Sofia Miguel Catarina João Marta Pedro Rita André Leonor Nuno",
        "Ferreira Santos Martins Lopes Gomes Marques Teixeira Fonseca Correia Pinto Neves Matos",
    ),
    "romanian": (
        "Ioana Andrei Elena Mihai Ana Cristian Raluca Bogdan Simona Florin Daniela Adrian Alina Radu Gabriela Sorin",
        "Popescu Ionescu Popa Stan Dumitru Stoica Gheorghe Matei Ciobanu Rusu Marin Tudor Dobre Lazar Florea Constantin",
    ),
    "slavic": (
        "Petra Martin Lucia Tomáš Jana Marek Ivana Ivan Mila Nikola Elena Stoyan Katja Luka Vesna Dragan",
        "Novák Horváth Svoboda Kováč Petrov Ivanova Dimitrov Jovanović Marić Babić Kralj Zupan Dvořák Černý Georgiev Todorova",
    ),
    "spanish": (
        "Lucía Pablo Carmen Javier Paula Álvaro Marta Sergio Laura Diego Sofía Andrés Valentina Mateo Daniela Santiago",
        "García López Sánchez Martín Ruiz Díaz Moreno Torres Romero Vargas Castro Ortega Herrera Molina Rojas Mendoza",
    ),
    "turkish": (
        "Elif Mehmet Zeynep Emre Ayşe Burak Selin Can Derya Murat Ece Kerem",
        "Yılmaz Kaya Demir Çelik Şahin Aydın Arslan Doğan Koç Kurt Özkan Polat",
    ),
    "ukrainian": (
        "Olena Andriy Oksana Dmytro Iryna Serhiy Natalia Vasyl Yulia Bohdan Kateryna Taras Svitlana Mykola Halyna Petro",
        "Kovalenko Shevchuk Bondarenko Tkachenko Melnyk Kravets Savchuk Moroz Lysenko Hrytsenko Pavlenko Rudenko Marchenko Levchenko",
    ),
    "vietnamese": (
        "Linh Minh Trang Duc Hoa Tuan Mai Hung Ngoc Quan Thao Nam",
        "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ngo Duong",
    ),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|") if "|" in text else text.split())


GIVEN = {culture: _words(given) for culture, (given, _family) in _POOLS.items()}
FAMILY = {culture: _words(family) for culture, (_given, family) in _POOLS.items()}
